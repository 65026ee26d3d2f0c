package io.longwire.room.push;

import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.Push;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.PushResult;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.How;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PushTest {
    private final RoomRig rig = new RoomRig();
    private final Phone phone = rig.loggedIn(5);

    @Test
    void writesWithASeqOfThisSocketAndEndsTheMessageByItsAck() {
        long first = rig.store(5);
        long second = rig.store(5);
        assertThat(rig.push(rig.item(rig.session(5), first).build())).isEqualTo(PushResult.Code.WRITTEN);
        assertThat(rig.push(rig.item(rig.session(5), second).build())).isEqualTo(PushResult.Code.WRITTEN);
        assertThat(phone.pushes()).extracting(Push::getSeq).containsExactly(1L, 2L);

        phone.ackUpTo(2);
        rig.advance(Duration.ofMillis(50));

        assertThat(rig.saver.ends).extracting(EndItem::getMessageId).containsExactlyInAnyOrder(first, second);
        EndItem end = rig.saver.endsOf(first).getFirst();
        assertThat(end.getHow()).isEqualTo(How.ACKED);
        assertThat(end.getRoutedMs()).isPositive();
        assertThat(end.getWrittenMs()).isPositive();
        assertThat(end.getRoomIncarnation()).isEqualTo(7);
        assertThat(end.getAppId()).isEqualTo(RoomRig.APP);
        assertThat(end.getAttempts()).isEqualTo(1);
        assertThat(phone.connection().window()).isNull();
    }

    @Test
    void theSameMessageTwiceIsWrittenOnce() {
        long id = rig.store(5);
        rig.push(rig.item(rig.session(5), id).build());

        assertThat(rig.push(rig.item(rig.session(5), id).build())).isEqualTo(PushResult.Code.DUPLICATE);
        assertThat(phone.pushes()).hasSize(1);
    }

    @Test
    void whatThePhoneHasAckedDoesNotComeAgainThoughItsSaverDoesNotKnowYet() {
        rig.saver.endCode = io.longwire.rpc.saver.EndResult.Code.UNAVAILABLE;
        long id = rig.store(5);
        rig.push(rig.item(rig.session(5), id).build());
        phone.ackUpTo(1);

        assertThat(rig.push(rig.item(rig.session(5), id).build())).isEqualTo(PushResult.Code.DUPLICATE);
        phone.ready(5); // a reason to look into the inbox, where it still is

        assertThat(rig.saver.fetches.getLast().getSkipIdsList()).containsExactly(id);
        assertThat(phone.pushedIds()).containsExactly(id);
    }

    @Test
    void aStuckAppBlocksOnlyItself() {
        Phone two = rig.phone(1).connect(rig.binding(6, RoomRig.APP, rig.now()).build(),
                rig.guest(7, 70, 6, rig.now()).build());
        for (int i = 0; i < 8; i++) {
            assertThat(rig.send(6)).isEqualTo(PushResult.Code.WRITTEN);
        }

        assertThat(rig.send(6)).isEqualTo(PushResult.Code.WINDOW_FULL);
        assertThat(rig.send(7)).isEqualTo(PushResult.Code.WRITTEN);
        assertThat(two.pushes()).hasSize(9);
    }

    @Test
    void whatDidNotFitIsFetchedWhenTheWindowOpens() {
        for (int i = 0; i < 8; i++) {
            rig.send(5);
        }
        long late = rig.store(5);
        assertThat(rig.push(rig.item(rig.session(5), late).build())).isEqualTo(PushResult.Code.WINDOW_FULL);

        phone.ackUpTo(1);

        assertThat(phone.pushedIds()).contains(late).doesNotHaveDuplicates();
    }

    @Test
    void aConnectionHasThirtyTwoUnackedAtMost() {
        Phone many = rig.phone(1).connect(rig.binding(10, RoomRig.APP, rig.now()).build(),
                rig.guest(11, 111, 10, rig.now()).build(), rig.guest(12, 112, 10, rig.now()).build(),
                rig.guest(13, 113, 10, rig.now()).build(), rig.guest(14, 114, 10, rig.now()).build());
        for (long endpoint : List.of(10L, 11L, 12L, 13L)) {
            for (int i = 0; i < 8; i++) {
                assertThat(rig.send(endpoint)).isEqualTo(PushResult.Code.WRITTEN);
            }
        }

        assertThat(rig.send(14)).isEqualTo(PushResult.Code.WINDOW_FULL);
        many.ackUpTo(1);
        assertThat(many.pushes()).hasSize(32); // the window is open, but only endpoint 10 has acked
        rig.send(14);
        assertThat(many.pushes()).hasSize(33);
    }

    @Test
    void aPhoneThatTakesFewerGetsFewer() {
        rig.phone(1).connect(Connect.newBuilder().setRecvWindow(2)
                .addBindings(rig.binding(10, RoomRig.APP, rig.now())).build());
        rig.send(10);
        rig.send(10);

        assertThat(rig.send(10)).isEqualTo(PushResult.Code.WINDOW_FULL);
    }

    @Test
    void aSocketThatIsFullGetsItFromTheInboxLater() {
        phone.writable = false;
        long id = rig.store(5);
        assertThat(rig.push(rig.item(rig.session(5), id).build())).isEqualTo(PushResult.Code.NOT_WRITABLE);
        assertThat(phone.pushes()).isEmpty();

        phone.drained();

        assertThat(phone.pushedIds()).containsExactly(id);
    }

    @Test
    void aTransientIsWrittenWithoutSeqOrDroppedAndCounted() {
        assertThat(transientPush()).isEqualTo(PushResult.Code.WRITTEN);
        assertThat(phone.pushes().getFirst().getSeq()).isZero();
        assertThat(phone.connection().window()).isNull();

        phone.writable = false;
        assertThat(transientPush()).isEqualTo(PushResult.Code.NOT_WRITABLE);
        phone.drained();

        assertThat(phone.pushes()).hasSize(1);
        assertThat(rig.saver.fetches).hasSize(1); // of the login: nothing is owed for a transient
        assertThat(rig.metrics.count(RoomMetric.TRANSIENT_DROPPED)).isEqualTo(1);
    }

    @Test
    void anAppThatDoesNotRunGetsNothingUntilItIsReady() {
        long id = rig.store(5);
        rig.push(rig.item(rig.session(5), id).build());
        phone.ackIds(5, AckStatus.ACK_DEFERRED, id);
        rig.advance(Duration.ofMillis(50));

        assertThat(rig.saver.endsOf(id)).extracting(EndItem::getKind).containsExactly(EndItem.Kind.DEFERRED);
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.NOT_READY);
        assertThat(phone.pushes()).hasSize(1);
        phone.ready(5);

        assertThat(phone.pushes()).hasSize(3); // the deferred one again, and the one that came meanwhile
        rig.advance(Duration.ofSeconds(10));
        assertThat(rig.saver.ends).hasSize(1); // no attempt was counted
    }

    @Test
    void aHandleOfNobodyOrOfSomebodyElseIsNotHere() {
        var session = rig.session(5);
        long id = rig.mint();

        assertThat(rig.push(rig.item(session, id).setHandle(session.handle() + 1).build()))
                .isEqualTo(PushResult.Code.NOT_HERE);
        assertThat(rig.push(rig.item(session, id).setEndpointId(6).build())).isEqualTo(PushResult.Code.NOT_HERE);
        assertThat(rig.push(rig.item(session, id).setConnSeq(1).build())).isEqualTo(PushResult.Code.NOT_HERE);
    }

    private PushResult.Code transientPush() {
        return rig.push(rig.item(rig.session(5), rig.mint()).setTransient(true).build());
    }
}
