package io.longwire.room.push;

import com.google.protobuf.ByteString;
import io.longwire.device.PushFrames;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.phone.LoopLimits;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.ReceiptKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReceiptTest {
    private final RoomRig rig = new RoomRig();
    private final Phone phone = rig.loggedIn(5);

    @Test
    void aStatusAfterTheAckIsAReceiptAndEndsNothing() {
        long id = acked();

        phone.ackIds(5, AckStatus.ACK_SHOWN, id).ackIds(5, AckStatus.ACK_CLICKED, id).ackIds(5,
                AckStatus.ACK_DROPPED_BY_USER, id);
        rig.advance(Duration.ofMillis(50));

        List<EndItem> told = rig.saver.endsOf(id);
        assertThat(told).extracting(EndItem::getKind).containsExactly(EndItem.Kind.ENDED, EndItem.Kind.RECEIPT,
                EndItem.Kind.RECEIPT, EndItem.Kind.RECEIPT);
        assertThat(told).extracting(EndItem::getReceipt).containsExactly(ReceiptKind.RECEIPT_NONE, ReceiptKind.SHOWN,
                ReceiptKind.CLICKED, ReceiptKind.DROPPED_BY_USER);
        assertThat(told.getLast().getCode()).isEqualTo(AckStatus.ACK_DROPPED_BY_USER_VALUE);
        assertThat(told.getLast().getAppId()).isEqualTo(RoomRig.APP);
        assertThat(told.getLast().getAtMs()).isPositive();
        assertThat(rig.metrics.count(RoomMetric.RECEIPTS, "clicked")).isEqualTo(1);
    }

    @Test
    void aStatusInPlaceOfTheAckEndsTheMessage() {
        long id = pushed(PushKind.KIND_DATA);

        phone.ackIds(5, AckStatus.ACK_CLICKED, id);
        rig.advance(Duration.ofMillis(50));

        assertThat(rig.saver.endsOf(id)).extracting(EndItem::getKind).containsExactly(EndItem.Kind.ENDED);
        assertThat(rig.saver.endsOf(id).getFirst().getCode()).isEqualTo(AckStatus.ACK_CLICKED_VALUE);
    }

    @Test
    void aStatusForAMessageThatMayStillWaitEndsItToo() {
        long id = pushed(PushKind.KIND_DATA);
        long connSeq = rig.session(5).connSeq();
        var token = phone.welcome().getResumeToken();
        phone.drop();
        rig.saver.hold = true; // the fetch after the resume is under way
        Phone back = rig.phone(0).connect(Connect.newBuilder().setResumeToken(token)
                .addBindings(rig.binding(5, RoomRig.APP, rig.now()).setPrevConnSeq(connSeq)).build());

        back.ackIds(5, AckStatus.ACK_SHOWN, id);
        rig.saver.release();
        rig.settle();
        rig.advance(Duration.ofMillis(100));

        assertThat(back.pushes()).isEmpty();
        assertThat(rig.saver.endsOf(id)).extracting(EndItem::getKind).contains(EndItem.Kind.ENDED,
                EndItem.Kind.RECEIPT);
        assertThat(rig.saver.waiting(5)).isEmpty();
    }

    @Test
    void receiptsArePressedOutBeforeAnyAck() {
        var small = new RoomRig(new LoopLimits(10, 16, 100, 1_000, RoomRig.UPLINKS));
        small.saver.endCode = EndResult.Code.UNAVAILABLE;
        Phone busy = small.loggedIn(5);
        for (int i = 0; i < 5; i++) {
            busy.ackIds(5, AckStatus.ACK_SHOWN, small.mint());
        }
        assertThat(small.metrics.count(RoomMetric.RECEIPTS_DROPPED)).isEqualTo(3); // an eighth of 16 is kept
        for (int i = 0; i < 16; i++) {
            small.send(5);
            busy.ackUpTo(i + 1);
        }
        small.advance(Duration.ofMillis(50));

        assertThat(small.metrics.count(RoomMetric.ENDS_DROPPED)).isZero();
        assertThat(small.loops.endsWaiting()).isEqualTo(18);
        small.saver.ends.clear();
        small.saver.endCode = EndResult.Code.ENDED_NOW;
        small.advance(Duration.ofSeconds(31));

        assertThat(small.loops.endsWaiting()).isZero();
        assertThat(small.saver.ends).extracting(EndItem::getKind).endsWith(EndItem.Kind.ENDED, EndItem.Kind.RECEIPT,
                EndItem.Kind.RECEIPT);
    }

    @Test
    void anAckWithTooManyOfThemIsCutAndCounted() {
        Long[] ids = new Long[300];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = rig.mint();
        }
        phone.ackIds(5, AckStatus.ACK_SHOWN, ids);
        rig.advance(Duration.ofMillis(50));

        assertThat(rig.metrics.count(RoomMetric.RECEIPTS_DROPPED)).isPositive();
        assertThat(rig.metrics.count(RoomMetric.RECEIPTS, "shown") + rig.metrics.count(RoomMetric.RECEIPTS_DROPPED))
                .isEqualTo(300);
    }

    @Test
    void idsThatCannotBeIdsAreNoReceipts() {
        phone.ackIds(5, AckStatus.ACK_CLICKED, -1L, 0L, Long.MAX_VALUE);
        rig.advance(Duration.ofMillis(50));

        assertThat(rig.saver.ends).isEmpty();
        assertThat(rig.metrics.count(RoomMetric.STRANGE_ACKS, "ignored")).isEqualTo(3);
    }

    @Test
    void theAckOfARevokeTellsWhetherItCameTooLate() {
        long taken = pushed(PushKind.KIND_REVOKE);
        phone.ackUpTo(1);
        long late = pushed(PushKind.KIND_REVOKE);
        phone.ackIds(5, AckStatus.ACK_REVOKE_LATE, late);
        long data = pushed(PushKind.KIND_DATA);
        phone.ackIds(5, AckStatus.ACK_REVOKE_LATE, data); // means nothing for a message that takes back none
        rig.advance(Duration.ofMillis(50));

        assertThat(rig.saver.endsOf(taken).getFirst().getCode()).isEqualTo(AckStatus.ACK_STORED_VALUE);
        assertThat(rig.saver.endsOf(late).getFirst().getCode()).isEqualTo(AckStatus.ACK_REVOKE_LATE_VALUE);
        assertThat(rig.saver.endsOf(late).getFirst().getKind()).isEqualTo(EndItem.Kind.ENDED);
        assertThat(rig.saver.endsOf(data).getFirst().getCode()).isEqualTo(AckStatus.ACK_STORED_VALUE);
    }

    private long acked() {
        long id = pushed(PushKind.KIND_DATA);
        phone.ackUpTo(1);
        rig.advance(Duration.ofMillis(50));
        return id;
    }

    private long pushed(PushKind kind) {
        long id = rig.store(5);
        rig.push(rig.item(rig.session(5), id).setEnvelope(ByteString.copyFrom(PushFrames.encode(Push.newBuilder()
                .setEndpointId(5).setMessageId(id).setKind(kind).setReplaces(3).build()))).build());
        return id;
    }
}
