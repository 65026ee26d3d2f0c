package io.longwire.room.push;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.EndpointAck;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.PushResult;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AckTest {
    private final RoomRig rig = new RoomRig();
    private final Phone phone = rig.loggedIn(5);

    @Test
    void endpointAcksCountBeforeTheCumulativeNumber() {
        long shown = pushed();
        long stored = pushed();

        phone.frame(FrameType.ACK, Ack.newBuilder().setUptoSeq(2).addEndpointAcks(EndpointAck.newBuilder()
                .setEndpointId(5).setStatus(AckStatus.ACK_DECRYPT_FAILED).addMessageIds(shown)).build());
        rig.advance(Duration.ofMillis(50));

        assertThat(rig.saver.endsOf(shown)).extracting(EndItem::getCode)
                .containsExactly(AckStatus.ACK_DECRYPT_FAILED_VALUE);
        assertThat(rig.saver.endsOf(stored)).extracting(EndItem::getCode)
                .containsExactly(AckStatus.ACK_STORED_VALUE);
    }

    @Test
    void aSingleSeqAboveTheCumulativeOneIsAcked() {
        long first = pushed();
        long second = pushed();

        phone.frame(FrameType.ACK, Ack.newBuilder().addExtraSeq(2).build());
        rig.advance(Duration.ofMillis(50));

        assertThat(rig.saver.endsOf(second)).hasSize(1);
        assertThat(rig.saver.endsOf(first)).isEmpty();
    }

    @Test
    void anEndpointCannotEndAnothersMessage() {
        rig.phone(1).connect(rig.binding(6, RoomRig.APP, rig.now()).build());
        long foreign = rig.store(6);
        rig.push(rig.item(rig.session(6), foreign).build());

        phone.ackIds(5, AckStatus.ACK_STORED, foreign);
        rig.advance(Duration.ofMillis(50));

        // The saver is asked for endpoint 5 alone, and answers NO_MESSAGE; endpoint 6 still waits for its ack.
        assertThat(rig.saver.ends).extracting(EndItem::getEndpointId).containsExactly(5L);
        assertThat(rig.metrics.count(RoomMetric.STRANGE_ACKS, "forwarded")).isEqualTo(1);
        assertThat(rig.saver.inboxes.get(6L)).containsKey(foreign);
    }

    @Test
    void anAckForAnEndpointOfAnotherConnectionIsRefusedByName() {
        rig.phone(1).connect(rig.binding(6, RoomRig.APP, rig.now()).build());
        long foreign = rig.store(6);
        rig.push(rig.item(rig.session(6), foreign).build());

        phone.ackIds(6, AckStatus.ACK_STORED, foreign);
        rig.advance(Duration.ofMillis(50));

        assertThat(phone.error().getCode()).isEqualTo(Code.NOT_BOUND);
        assertThat(phone.error().getFatal()).isFalse();
        assertThat(rig.saver.ends).isEmpty();
    }

    @Test
    void idsThatCannotBeIdsAreIgnoredAndCounted() {
        phone.ackIds(5, AckStatus.ACK_STORED, -1L, 0L, 1L, Long.MAX_VALUE);
        rig.advance(Duration.ofMillis(50));

        assertThat(rig.saver.ends).isEmpty();
        assertThat(rig.metrics.count(RoomMetric.STRANGE_ACKS, "ignored")).isEqualTo(4);
    }

    @Test
    void ackingWhatWasNeverSentEndsTheConnection() {
        pushed();

        phone.ackUpTo(2);

        assertThat(phone.error().getCode()).isEqualTo(Code.PROTOCOL);
        assertThat(phone.closedByRoom).isTrue();
    }

    @Test
    void anAckOfEverythingThatComesTooLateStartsAStoppedEndpointAgain() {
        pushed();
        for (int i = 0; i < 4; i++) { // alive, but slow: written twice, then stopped
            rig.advance(Duration.ofSeconds(10));
            phone.ping();
        }
        assertThat(rig.metrics.count(RoomMetric.STOPPED)).isEqualTo(1);
        long next = rig.store(5);
        assertThat(rig.push(rig.item(rig.session(5), next).build())).isEqualTo(PushResult.Code.WINDOW_FULL);
        long last = phone.connection().lastSeq();

        phone.ackUpTo(last - 1);
        assertThat(phone.pushedIds()).doesNotContain(next);
        phone.ackUpTo(last);

        assertThat(phone.pushedIds()).contains(next);
    }

    @Test
    void unconfirmedAcksAreSentAgainUntilTheSaverHasThem() {
        rig.saver.endCode = EndResult.Code.UNAVAILABLE;
        long id = pushed();
        phone.ackUpTo(1);
        rig.advance(Duration.ofSeconds(10));
        int tries = rig.saver.endsOf(id).size();
        assertThat(tries).isBetween(3, 5); // after 1, 2, 4 s
        assertThat(rig.loops.endsWaiting()).isEqualTo(1);

        rig.saver.endCode = EndResult.Code.ENDED_NOW;
        rig.advance(Duration.ofSeconds(31));

        assertThat(rig.saver.endsOf(id)).hasSize(tries + 1);
        assertThat(rig.loops.endsWaiting()).isZero();
    }

    @Test
    void anAckThatCannotBeConfirmedHoldsNoOtherUp() {
        rig.saver.endCode = EndResult.Code.UNAVAILABLE;
        long stuck = pushed();
        phone.ackUpTo(1);
        rig.advance(Duration.ofSeconds(20));
        int tries = rig.saver.endsOf(stuck).size();

        for (int i = 2; i < 6; i++) {
            long other = pushed();
            phone.ackUpTo(i);
            rig.advance(Duration.ofMillis(100));
            assertThat(rig.saver.endsOf(other)).as("sent at once").hasSize(1);
        }
        assertThat(rig.saver.endsOf(stuck)).as("in its pause").hasSize(tries);
        rig.saver.endCode = EndResult.Code.ENDED_NOW;
        rig.advance(Duration.ofSeconds(31));

        assertThat(rig.loops.endsWaiting()).isZero();
    }

    @Test
    void atTheBoundTheOldestUnconfirmedAckIsDroppedAndCounted() {
        var small = new RoomRig(new io.longwire.room.phone.LoopLimits(10, 2, 100, 1_000, RoomRig.UPLINKS));
        Phone acking = small.loggedIn(5);
        for (int i = 0; i < 3; i++) {
            small.send(5);
        }

        acking.ackUpTo(3);

        assertThat(small.metrics.count(RoomMetric.ENDS_DROPPED)).isEqualTo(1);
        assertThat(small.loops.endsWaiting()).isEqualTo(2);
    }

    @Test
    void aMessageNotAckedInTimeComesOnceMoreFromTheInbox() {
        long id = pushed();

        rig.advance(Duration.ofSeconds(16));

        assertThat(phone.pushedIds()).containsExactly(id, id);
        assertThat(phone.pushes().get(1).getSeq()).isEqualTo(2);
        assertThat(rig.saver.endsOf(id)).extracting(EndItem::getKind).containsExactly(EndItem.Kind.UNACKED);
        phone.ackUpTo(2);
        rig.advance(Duration.ofMillis(50));
        assertThat(rig.saver.endsOf(id)).extracting(EndItem::getKind).containsExactly(EndItem.Kind.UNACKED,
                EndItem.Kind.ENDED);
        assertThat(rig.saver.endsOf(id).getLast().getAttempts()).isEqualTo(2);
    }

    @Test
    void twoTimeOutsWithoutAByteCloseTheConnection() {
        long id = pushed();

        rig.advance(Duration.ofSeconds(32));

        assertThat(phone.closedByRoom).isTrue();
        assertThat(rig.loops.parked()).isEqualTo(1);
        assertThat(rig.saver.endsOf(id)).hasSize(2).allMatch(end -> end.getKind() == EndItem.Kind.UNACKED);
    }

    @Test
    void twoTimeOutsOfAPhoneThatAnswersPingsStopThatEndpointAlone() {
        Phone two = rig.phone(1).connect(rig.binding(6, RoomRig.APP, rig.now()).build(),
                rig.guest(7, 70, 6, rig.now()).build());
        long never = rig.store(6);
        rig.push(rig.item(rig.session(6), never).build());
        for (int i = 0; i < 8; i++) {
            rig.advance(Duration.ofSeconds(4));
            two.ping();
        }

        assertThat(two.closedByRoom).isFalse();
        assertThat(rig.metrics.count(RoomMetric.STOPPED)).isEqualTo(1);
        assertThat(rig.send(6)).isEqualTo(PushResult.Code.WINDOW_FULL);
        assertThat(rig.send(7)).isEqualTo(PushResult.Code.WRITTEN);
        rig.advance(Duration.ofSeconds(10));
        assertThat(two.pushedIds()).filteredOn(id -> id == never).hasSize(2); // not again and again

        two.ackIds(6, AckStatus.ACK_STORED, never); // its next ack, late as it is

        assertThat(two.pushes().stream().filter(push -> push.getEndpointId() == 6)).hasSizeGreaterThan(2);
        rig.advance(Duration.ofMillis(50));
        assertThat(rig.saver.endsOf(never).getLast().getKind()).isEqualTo(EndItem.Kind.ENDED);
    }

    @Test
    void aMessageThatEndedElsewhereMakesRoomWhenItIsNotInTheInboxAnyMore() {
        long id = pushed();
        rig.saver.inboxes.clear();

        rig.advance(Duration.ofSeconds(16));

        assertThat(phone.pushedIds()).containsExactly(id);
        assertThat(phone.connection().inFlight()).isZero();
    }

    private long pushed() {
        long id = rig.store(5);
        assertThat(rig.push(rig.item(rig.session(5), id).build())).isEqualTo(PushResult.Code.WRITTEN);
        return id;
    }
}
