package io.longwire.room.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.device.BroadcastSeen;
import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.register.client.PutResult;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.WalkStatus;
import io.longwire.rpc.saver.AppFloor;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Canary;
import io.longwire.rpc.saver.NoteKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BroadcastAckTest {
    private final RoomRig rig = new RoomRig();

    @Test
    void whoAckedShowedAndClickedIsNotedWithinASecondOrTwo() {
        Phone one = login(1);
        Phone two = login(2);
        Phone three = login(3);
        rig.walk(RoomRig.broadcast(2));

        one.ackBroadcast(1, AckStatus.ACK_STORED, 2L);
        two.ackBroadcast(2, AckStatus.ACK_STORED, 2L).ackBroadcast(2, AckStatus.ACK_SHOWN, 2L);
        three.ackBroadcast(3, AckStatus.ACK_CLICKED, 2L);
        rig.advance(Duration.ofSeconds(2));

        assertThat(rig.store.ords(NoteKind.NOTE_ACKED).toArray()).containsExactly(1, 2, 3);
        assertThat(rig.store.ords(NoteKind.NOTE_SHOWN).toArray()).containsExactly(2);
        assertThat(rig.store.ords(NoteKind.NOTE_CLICKED).toArray()).containsExactly(3);
        assertThat(rig.store.notes.getFirst().getNotes(0).getBroadcastId()).isEqualTo(1_002);
        assertThat(rig.status(RoomRig.broadcast(2)).getAcked()).isEqualTo(3);
    }

    @Test
    void notesThatNoSaverTookAreSentAgain() {
        Phone one = login(1);
        Phone two = login(2);
        rig.walk(RoomRig.broadcast(2));
        rig.store.away = true;
        one.ackBroadcast(1, AckStatus.ACK_STORED, 2L);
        rig.advance(Duration.ofSeconds(3));
        two.ackBroadcast(2, AckStatus.ACK_STORED, 2L);

        rig.store.away = false;
        rig.advance(Duration.ofSeconds(3));

        assertThat(rig.store.ords(NoteKind.NOTE_ACKED).toArray()).containsExactly(1, 2);
        assertThat(rig.metrics.count(RoomMetric.NOTES_SENT)).isEqualTo(2);
        assertThat(rig.metrics.count(RoomMetric.NOTES_DROPPED)).isZero();
    }

    @Test
    void whatFailedIsCountedByStatusAndOnce() {
        Phone phone = login(1);
        rig.walk(RoomRig.broadcast(2));

        phone.ackBroadcast(1, AckStatus.ACK_DECRYPT_FAILED, 2L).ackBroadcast(1, AckStatus.ACK_DECRYPT_FAILED, 2L);
        rig.advance(Duration.ofSeconds(2));

        WalkStatus status = rig.status(RoomRig.broadcast(2));
        assertThat(status.getFailedMap()).containsExactlyEntriesOf(
                Map.of(AckStatus.ACK_DECRYPT_FAILED_VALUE, 1L));
        assertThat(status.getAcked()).isZero();
        assertThat(rig.store.notes).isEmpty();
    }

    @Test
    void aSequenceThatIsNoBroadcastInForceIsIgnoredAndCounted() {
        Phone phone = login(1);
        rig.walk(RoomRig.broadcast(2));

        phone.ackBroadcast(1, AckStatus.ACK_STORED, 3L, -1L);
        rig.advance(Duration.ofSeconds(2));

        assertThat(rig.metrics.count(RoomMetric.BROADCAST_STRANGE_ACKS)).isEqualTo(2);
        assertThat(rig.store.notes).isEmpty();
        assertThat(phone.closedByRoom).isFalse();
    }

    @Test
    void anAppThatDoesNotRunGetsItAgainWhenItIsReady() {
        Phone phone = login(1);
        rig.walk(RoomRig.broadcast(2));
        phone.ackBroadcast(1, AckStatus.ACK_DEFERRED, 2L);
        rig.advance(Duration.ofSeconds(3));
        assertThat(phone.broadcasts()).containsExactly(2L);

        phone.ready(1);

        assertThat(phone.broadcasts()).containsExactly(2L, 2L);
        phone.ackBroadcast(1, AckStatus.ACK_STORED, 2L).ready(1);
        assertThat(phone.broadcasts()).hasSize(2);
        assertThat(rig.status(RoomRig.broadcast(2)).getWritten()).isEqualTo(1);
    }

    @Test
    void anAppThatDidNotRunWhenTheWalkPassedGetsItAtReadyAndAtABindThatSaysItLacksIt() {
        Phone ready = login(1);
        Phone bound = login(2);
        rig.walk(RoomRig.broadcast(2));
        ready.ackBroadcast(1, AckStatus.ACK_DEFERRED, 2L);
        bound.ackBroadcast(2, AckStatus.ACK_DEFERRED, 2L);

        rig.walk(RoomRig.broadcast(3));
        assertThat(ready.broadcasts()).containsExactly(2L);
        ready.ready(1);
        bound.frame(FrameType.BIND, Bind.newBuilder().setReqId(1)
                .addBindings(binding(2).setConnSeq(rig.now() + 1)).build());

        assertThat(ready.broadcasts()).containsExactlyInAnyOrder(2L, 2L, 3L);
        assertThat(bound.broadcasts()).containsExactlyInAnyOrder(2L, 2L, 3L);
    }

    @Test
    void aBindOfASessionThatHasItOnTheWayDoesNotBringItTwice() {
        rig.put(RoomRig.broadcast(2)); // not walked yet: it is remembered who got it at the login
        Phone phone = login(3);
        assertThat(phone.broadcasts()).containsExactly(2L);

        phone.frame(FrameType.BIND, Bind.newBuilder().setReqId(1)
                .addBindings(binding(3).setConnSeq(rig.now() + 1)).build());

        assertThat(phone.bindAck().getResults(0).getCode()).isEqualTo(Code.OK);
        assertThat(phone.broadcasts()).containsExactly(2L);
    }

    @Test
    void anEndpointThatIsJustBeingBoundGetsItAfterItsAnswer() {
        Phone phone = rig.phone().connect(rig.binding(1, 13, rig.now()).build());
        rig.register.hold = true;
        phone.frame(FrameType.BIND, Bind.newBuilder().setReqId(1).addBindings(
                rig.guest(2, RoomRig.APP, 1, rig.now()).setBcastSeen(BroadcastSeen.of(1).encode())).build());
        assertThat(rig.walk(RoomRig.broadcast(2)).getFinished()).isTrue();
        assertThat(phone.broadcasts()).isEmpty();

        rig.register.lastPut().first(PutResult.STORED);
        rig.settle();

        assertThat(phone.bindAck().getResults(0).getCode()).isEqualTo(Code.OK);
        assertThat(phone.broadcasts()).containsExactly(2L);
        assertThat(phone.frames.getLast().type()).isEqualTo(FrameType.PUSH);
    }

    @Test
    void hangingUpWithinTenSecondsOfTheWriteCountsWhileTheCanaryWatchesIt() {
        Phone one = login(1);
        Phone two = login(2);
        Broadcast.Builder made = RoomRig.broadcast(2).setStage(0)
                .setCanary(Canary.newBuilder().setPercent(99.99).setMaxDroppedPercent(5));
        rig.walk(made);
        one.drop();
        rig.advance(Duration.ofSeconds(11));
        two.drop();

        assertThat(rig.status(made).getDroppedAfter()).isEqualTo(1);
    }

    @Test
    void aBadBcastSeenCostsItsBindingAlone() {
        Phone phone = rig.phone().connect(binding(1).build(),
                rig.guest(2, 13, 1, rig.now()).setBcastSeen(ByteString.copyFrom(new byte[]{1, 0})).build());

        assertThat(phone.welcome().getCode()).isEqualTo(Code.OK);
        assertThat(phone.welcome().getResults(0).getCode()).isEqualTo(Code.OK);
        assertThat(phone.welcome().getResults(1).getCode()).isEqualTo(Code.PROTOCOL);
        assertThat(phone.welcome().getResults(1).getText()).contains("bcast_seen");
    }

    @Test
    void theFloorIsTheSaversAndNeverFallsOrIsZero() {
        assertThat(login(1).welcome().getResults(0).getBcastFloor()).isEqualTo(1);
        rig.store.floors.put(RoomRig.APP, floor(7));
        rig.advance(Duration.ofSeconds(6));
        assertThat(login(2).welcome().getResults(0).getBcastFloor()).isEqualTo(7);

        rig.store.floors.put(RoomRig.APP, floor(5));
        rig.advance(Duration.ofSeconds(6));
        Phone bound = login(3);

        assertThat(bound.welcome().getResults(0).getBcastFloor()).isEqualTo(7);
        bound.frame(FrameType.BIND,
                Bind.newBuilder().setReqId(1).addBindings(binding(3).setConnSeq(rig.now() + 1)).build());
        assertThat(bound.bindAck().getResults(0).getBcastFloor()).isEqualTo(7);
    }

    @Test
    void theListIsReadPageByPageAndWhatItLacksIsOverUnlessItWasToldSince() {
        rig.keep(RoomRig.broadcast(2).setState(Broadcast.State.WALKED));
        rig.keep(RoomRig.broadcast(3).setState(Broadcast.State.WALKED));
        rig.advance(Duration.ofSeconds(6));
        assertThat(login(1).broadcasts()).containsExactly(2L, 3L);
        long asked = rig.board.listing();
        rig.put(RoomRig.broadcast(4).setState(Broadcast.State.WALKED));

        rig.board.replace(asked, List.of(RoomRig.broadcast(3).build()), List.of());

        assertThat(login(2).broadcasts()).containsExactly(3L, 4L);
    }

    private static AppFloor floor(long floor) {
        return AppFloor.newBuilder().setAppId(RoomRig.APP).setFloor(floor).setLastSeq(9).build();
    }

    private Phone login(long endpointId) {
        return rig.phone().connect(binding(endpointId).build());
    }

    private EndpointBinding.Builder binding(long endpointId) {
        return rig.binding(endpointId, RoomRig.APP, rig.now()).setBcastSeen(BroadcastSeen.of(1).encode());
    }
}
