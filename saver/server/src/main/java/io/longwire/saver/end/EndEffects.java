package io.longwire.saver.end;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.AckStatus;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.saver.ledger.Concluded;
import io.longwire.saver.ledger.EndRow;
import io.longwire.saver.ledger.Ended;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageKind;
import io.longwire.saver.ledger.MessageRow;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * What the end of a message means beyond the ledger: less in the app's stock, and a receipt. An end that is asked for
 * again tells again what stands, because whoever wrote it may have died before its receipt; so a receipt comes at least
 * once, and is kept once. The ack of a revoke is a receipt for the message it took back; a revoke that ends otherwise
 * is nobody's business. Thread-safe.
 */
public final class EndEffects {
    /** The code of a FAILED receipt is so many times the number of How, plus the code of the end. */
    public static final int HOW_FACTOR = 100;

    private final ReceiptLog receipts;
    private final Stock stock;

    public EndEffects(ReceiptLog receipts, Stock stock) {
        this.receipts = receipts;
        this.stock = stock;
    }

    /** A row is committed whose sender will not count it. */
    void stored(MessageRow row) {
        stock.stored(row.app(), row.body().length);
    }

    /**
     * Call it when the end is committed. Completes when its receipts are kept, at once where nobody wants them; fails
     * with StoreFailure.
     */
    public CompletableFuture<@Nullable Void> of(EndRow row, Concluded concluded) {
        return switch (concluded.ended()) {
            case NO_MESSAGE -> ReceiptLog.NOTHING;
            case NOW -> {
                stock.ended(concluded.app(), concluded.bytes());
                yield tell(row, row.how(), row.code(), concluded);
            }
            case BEFORE -> {
                var stands = tell(row, concluded.how(), concluded.code(), concluded);
                yield row.how() != How.ACKED || (concluded.how() == How.ACKED && concluded.code() == row.code())
                        ? stands
                        : both(stands, tell(row, row.how(), row.code(), concluded));
            }
        };
    }

    private CompletableFuture<@Nullable Void> tell(EndRow row, How how, int code, Concluded of) {
        if (MessageKind.revoke(of.kind())) {
            return how != How.ACKED
                    ? ReceiptLog.NOTHING
                    : receipts.add(of.app(), row.key().endpoint(), of.ref(), of.trace(),
                            code == AckStatus.ACK_REVOKE_LATE_VALUE
                                    ? ReceiptKind.REVOKE_LATE
                                    : ReceiptKind.REVOKED,
                            code, row.at());
        }
        return switch (how) {
            case ACKED -> acked(of, row, code);
            case EXPIRED -> add(of, row, ReceiptKind.RECEIPT_EXPIRED, 0);
            case CANCELLED -> code == EndRow.REVOKED ? add(of, row, ReceiptKind.REVOKED, 0) : ReceiptLog.NOTHING;
            case DEAD, OVERFLOWED, REJECTED, DELETED -> failed(of, row, how, code);
            default -> ReceiptLog.NOTHING; // a collapsed message has another one that stands for it
        };
    }

    /** Something is about to end a message EXPIRED; it must not before this completes. */
    public CompletableFuture<@Nullable Void> expired(int app, int bytes, MessageKey key, int kind, ByteString trace,
            long at) {
        return of(EndRow.own(key, How.EXPIRED, 0, at),
                new Concluded(Ended.NOW, app, kind, 0, bytes, How.EXPIRED, 0, trace));
    }

    private CompletableFuture<@Nullable Void> acked(Concluded of, EndRow row, int code) {
        AckStatus status = AckStatus.forNumber(code);
        return switch (status == null ? AckStatus.ACK_STORED : status) {
            case ACK_APP_MISSING, ACK_DECRYPT_FAILED, ACK_NOT_SEALED -> failed(of, row, How.ACKED, code);
            case ACK_SHOWN -> delivered(of, row, ReceiptKind.SHOWN, code);
            case ACK_CLICKED -> delivered(of, row, ReceiptKind.CLICKED, code);
            case ACK_DROPPED_BY_USER -> delivered(of, row, ReceiptKind.DROPPED_BY_USER, code);
            default -> add(of, row, ReceiptKind.DELIVERED, code);
        };
    }

    private CompletableFuture<@Nullable Void> delivered(Concluded of, EndRow row, ReceiptKind also, int code) {
        return both(add(of, row, ReceiptKind.DELIVERED, code), add(of, row, also, code));
    }

    private CompletableFuture<@Nullable Void> failed(Concluded of, EndRow row, How how, int code) {
        return add(of, row, ReceiptKind.FAILED, how.getNumber() * HOW_FACTOR + code);
    }

    private CompletableFuture<@Nullable Void> add(Concluded of, EndRow row, ReceiptKind kind, int code) {
        return receipts.add(of.app(), row.key().endpoint(), row.key().message(), of.trace(), kind, code, row.at());
    }

    private static CompletableFuture<@Nullable Void> both(CompletableFuture<@Nullable Void> one,
            CompletableFuture<@Nullable Void> other) {
        return one.thenCombine(other, (first, second) -> null);
    }
}
