package io.longwire.room.push;

import io.longwire.device.FrameType;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.ClientState;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.Ping;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.PushResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LowPriorityTest {
    private static final Duration ASLEEP = Duration.ofSeconds(4);

    private final RoomRig rig = new RoomRig();
    private final Phone phone = rig.loggedIn(5);

    @Test
    void waitsUntilThePhoneIsHeardAPingIncluded() {
        rig.advance(ASLEEP);
        long id = rig.store(5);

        assertThat(low(id)).isEqualTo(PushResult.Code.HELD);
        rig.advance(Duration.ofSeconds(60));
        assertThat(phone.pushes()).isEmpty();

        phone.ping();
        assertThat(phone.pushedIds()).containsExactly(id);
        phone.ping();
        assertThat(rig.saver.fetches).hasSize(2); // the login's and this one: who is heard again owes nothing more
    }

    @Test
    void isWrittenAtOnceToAPhoneJustHeard() {
        rig.advance(ASLEEP);
        phone.ping();
        rig.advance(Duration.ofMillis(2_900));

        assertThat(low(rig.store(5))).isEqualTo(PushResult.Code.WRITTEN);

        rig.advance(Duration.ofMillis(200));
        assertThat(low(rig.store(5))).isEqualTo(PushResult.Code.HELD);
    }

    @Test
    void isWrittenAtOnceToAnAppInTheForeground() {
        Phone front = rig.phone(1).connect(Connect.newBuilder().setState(ClientState.STATE_FOREGROUND)
                .addBindings(rig.binding(6, RoomRig.APP, rig.now())).build());
        rig.advance(ASLEEP);
        assertThat(rig.push(rig.item(rig.session(6), rig.store(6)).setLow(true).build()))
                .isEqualTo(PushResult.Code.WRITTEN);

        front.frame(FrameType.PING, Ping.newBuilder().setEcho(1).build()); // unknown is unchanged
        rig.advance(ASLEEP);
        assertThat(rig.push(rig.item(rig.session(6), rig.store(6)).setLow(true).build()))
                .isEqualTo(PushResult.Code.WRITTEN);

        front.frame(FrameType.PING, Ping.newBuilder().setState(ClientState.STATE_BACKGROUND).build());
        rig.advance(ASLEEP);
        assertThat(rig.push(rig.item(rig.session(6), rig.store(6)).setLow(true).build()))
                .isEqualTo(PushResult.Code.HELD);
    }

    @Test
    void transientOnesAreDroppedAndCountedNotHeld() {
        rig.advance(ASLEEP);

        assertThat(rig.push(rig.item(rig.session(5), rig.mint()).setLow(true).setTransient(true).build()))
                .isEqualTo(PushResult.Code.HELD);
        phone.ping();

        assertThat(rig.metrics.count(RoomMetric.TRANSIENT_DROPPED)).isEqualTo(1);
        assertThat(rig.saver.fetches).hasSize(1);
        assertThat(phone.pushes()).isEmpty();
    }

    @Test
    void anOrdinaryOneIsNotHeldBackByThem() {
        rig.advance(ASLEEP);
        long held = rig.store(5);
        low(held);

        assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN);
        assertThat(phone.pushedIds()).doesNotContain(held);

        phone.ackUpTo(1); // the phone is heard
        assertThat(phone.pushedIds()).contains(held);
    }

    @Test
    void theDueWorkersFetchBringsThemWhenTheirTimeIsOver() {
        rig.advance(ASLEEP);
        long id = rig.store(5);
        low(id);

        rig.control(ControlItem.Kind.FETCH, rig.session(5));
        assertThat(phone.pushedIds()).containsExactly(id);

        phone.ackUpTo(1);
        assertThat(rig.saver.fetches).hasSize(2);
    }

    @Test
    void comingBackAfterADropIsBeingHeard() {
        rig.advance(ASLEEP);
        long id = rig.store(5);
        low(id);
        long connSeq = rig.session(5).connSeq();
        var token = phone.welcome().getResumeToken();
        phone.drop();

        Phone back = rig.phone(1).connect(Connect.newBuilder().setResumeToken(token)
                .addBindings(rig.binding(5, RoomRig.APP, rig.now()).setPrevConnSeq(connSeq)).build());

        assertThat(back.welcome().getResults(0).getResumed()).isTrue();
        assertThat(back.pushedIds()).containsExactly(id);
    }

    @Test
    void anAppThatDoesNotRunIsNotReadyRatherThanHeld() {
        rig.send(5);
        phone.ackIds(5, AckStatus.ACK_DEFERRED, phone.pushedIds().getFirst());
        rig.advance(ASLEEP);

        assertThat(low(rig.store(5))).isEqualTo(PushResult.Code.NOT_READY);
    }

    private PushResult.Code low(long id) {
        return rig.push(rig.item(rig.session(5), id).setLow(true).build());
    }
}
