package io.longwire.room.ack;

import io.longwire.device.v1.AckStatus;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.end.EndOutbox;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.metric.Tagged;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.room.session.TokenBucket;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.ReceiptKind;
import java.util.function.IntSupplier;

/**
 * What a phone tells of a message after its ack: shown, clicked, dropped by the user, unusable. Goes the way of the
 * ends, behind them, and is given up under pressure: a receipt is a statistic, an end is not. Owner: the loop.
 */
final class Receipts {
    private static final int PER_SECOND = 20_000;
    private static final int PER_ACK = 256;

    private final Loop loop;
    private final EndOutbox outbox;
    private final IntSupplier incarnation;
    private final TokenBucket budget = new TokenBucket(PER_SECOND);
    private final Tagged<ReceiptKind> told;
    private final Counter dropped;

    Receipts(Loop loop, EndOutbox outbox, IntSupplier incarnation, Metrics metrics) {
        this.loop = loop;
        this.outbox = outbox;
        this.incarnation = incarnation;
        this.told = new Tagged<>(metrics, RoomMetric.RECEIPTS, "kind", ReceiptKind.class);
        this.dropped = metrics.counter(RoomMetric.RECEIPTS_DROPPED);
    }

    /** Whether a status says more than that the message is there, or is not wanted now. */
    static boolean isOne(int status) {
        return kind(status) != ReceiptKind.RECEIPT_NONE;
    }

    /** @param before receipts that the same ack of the endpoint has brought already */
    void add(Session session, long messageId, int status, int before) {
        ReceiptKind kind = kind(status);
        boolean taken = before < PER_ACK && budget.take(loop.now())
                && outbox.addReceipt(
                        EndItem.newBuilder().setKind(EndItem.Kind.RECEIPT).setEndpointId(session.endpointId())
                                .setMessageId(messageId).setAppId(session.appId()).setReceipt(kind).setCode(status)
                                .setAtMs(loop.clock().wallMillis()).setRoomIncarnation(incarnation.getAsInt()).build());
        if (taken) {
            told.increment(kind);
        } else {
            dropped.increment();
        }
    }

    private static ReceiptKind kind(int status) {
        return switch (status) {
            case AckStatus.ACK_SHOWN_VALUE -> ReceiptKind.SHOWN;
            case AckStatus.ACK_CLICKED_VALUE -> ReceiptKind.CLICKED;
            case AckStatus.ACK_DROPPED_BY_USER_VALUE -> ReceiptKind.DROPPED_BY_USER;
            case AckStatus.ACK_APP_MISSING_VALUE, AckStatus.ACK_DECRYPT_FAILED_VALUE -> ReceiptKind.FAILED;
            default -> ReceiptKind.RECEIPT_NONE;
        };
    }
}
