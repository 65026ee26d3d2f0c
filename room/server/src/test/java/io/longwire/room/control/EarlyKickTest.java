package io.longwire.room.control;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.BindResult;
import io.longwire.register.client.PutResult;
import io.longwire.register.client.Session;
import io.longwire.room.rig.FakeRegister;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Kicks of sessions whose CONNECT or BIND is not answered yet: the answer tells the phone. */
class EarlyKickTest {
    private static final int HOUR = 3_600_000;

    private final RoomRig rig = new RoomRig();

    @Test
    void theAnswerToConnectSaysWhoWasKickedWhileOthersWereWaitedFor() {
        Phone phone = hostAndGuest();
        stored(5);
        assertThat(phone.frames).isEmpty();

        kick(ControlItem.Kind.KICK, 5);
        assertThat(phone.frames).as("the guest is still waited for").isEmpty();
        stored(6);

        assertThat(phone.welcome().getCode()).isEqualTo(Code.OK);
        assertThat(phone.welcome().getResultsList()).extracting(BindResult::getCode).containsExactly(Code.KICKED,
                Code.OK);
        assertThat(phone.welcome().getResults(0).getRetryAfterMs()).isEqualTo(HOUR);
        assertThat(phone.welcome().getResults(0).getText()).isEqualTo("account closed");
        assertThat(phone.closedByRoom).isFalse();
    }

    @Test
    void theOnlyOneIsRefusedWithItsKick() {
        rig.register.hold = true;
        Phone phone = rig.loggedIn(5);

        kick(ControlItem.Kind.KICK, 5);

        assertThat(phone.welcome().getCode()).isEqualTo(Code.KICKED);
        assertThat(phone.welcome().getRetryAfterMs()).isEqualTo(HOUR);
        assertThat(phone.closedByRoom).isTrue();
        stored(5);
        assertThat(phone.count(FrameType.CONNECT_ACK)).isEqualTo(1);
        assertThat(rig.loops.connections()).isZero();
    }

    @Test
    void aKickOfTheConnectionIsTheAnswerForAllThatItHad() {
        Phone phone = hostAndGuest();
        stored(6);

        kick(ControlItem.Kind.KICK_CONNECTION, 5);

        assertThat(phone.welcome().getCode()).isEqualTo(Code.KICKED);
        assertThat(phone.welcome().getResultsList()).extracting(BindResult::getCode).containsExactly(Code.KICKED,
                Code.KICKED);
        assertThat(phone.closedByRoom).isTrue();
    }

    @Test
    void theAnswerIsFoundAlsoAfterTheDeadlineWhileAnIncumbentIsProbed() {
        rig.loggedIn(5);
        Phone phone = rig.phone().connect(rig.binding(5, RoomRig.APP, 1_000).build());
        rig.advance(Duration.ofSeconds(2));
        assertThat(phone.frames).isEmpty();

        kick(ControlItem.Kind.KICK, new Session(5, 0, FakeRegister.ROOM, phone.connection().handle()));

        assertThat(phone.welcome().getCode()).isEqualTo(Code.KICKED);
        assertThat(phone.welcome().getRetryAfterMs()).isEqualTo(HOUR);
    }

    @Test
    void theAnswerToBindSaysWhoWasKicked() {
        Phone phone = rig.loggedIn(5);
        rig.register.hold = true;
        phone.frame(FrameType.BIND, Bind.newBuilder().setReqId(3).addBindings(rig.guest(6, 60, 5, rig.now()))
                .addBindings(rig.guest(7, 70, 5, rig.now())).build());
        stored(6);

        kick(ControlItem.Kind.KICK, 6);
        assertThat(phone.kick().getEndpointIdsList()).containsExactly(6L);
        stored(7);

        assertThat(phone.bindAck().getResultsList()).extracting(BindResult::getCode).containsExactly(Code.KICKED,
                Code.OK);
        assertThat(phone.bindAck().getResults(0).getRetryAfterMs()).isEqualTo(HOUR);
    }

    private Phone hostAndGuest() {
        rig.register.hold = true;
        return rig.phone().connect(rig.binding(5, RoomRig.APP, rig.now()).build(),
                rig.guest(6, 60, 5, rig.now()).build());
    }

    private FakeRegister.Put put(long endpointId) {
        return rig.register.puts.stream().filter(put -> put.endpointId() == endpointId).toList().getLast();
    }

    private void stored(long endpointId) {
        put(endpointId).first(PutResult.STORED);
        rig.settle();
    }

    private void kick(ControlItem.Kind kind, long endpointId) {
        kick(kind, Objects.requireNonNull(rig.register.here.get(endpointId)));
    }

    private void kick(ControlItem.Kind kind, Session session) {
        assertThat(rig.control(kind, session,
                item -> item.setCode(Code.KICKED).setRetryAfterMs(HOUR).setText("account closed")))
                .isCompletedWithValue(ControlResult.Code.DONE);
    }
}
