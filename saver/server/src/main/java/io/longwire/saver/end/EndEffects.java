package io.longwire.saver.end;

import io.longwire.device.v1.AckStatus;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.saver.ledger.Concluded;
import io.longwire.saver.ledger.EndRow;
import io.longwire.saver.ledger.Ended;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageKind;

/**
 * What the end of a message means beyond the ledger: less in the app's stock, and a receipt. An ack is told again when
 * it is repeated, because whoever wrote its end may have died before the receipt; so a receipt comes at least once.
 * The ack of a revoke is a receipt for the message it took back; a revoke that ends otherwise is nobody's business.
 * Thread-safe.
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

    /** Call it when the end is committed. */
    public void of(EndRow row, Concluded concluded) {
        if (concluded.ended() == Ended.NO_MESSAGE) {
            return;
        }
        if (concluded.ended() == Ended.NOW) {
            stock.ended(concluded.app(), concluded.bytes());
        } else if (row.how() != How.ACKED) {
            return;
        }
        if (MessageKind.revoke(concluded.kind())) {
            if (row.how() == How.ACKED) {
                boolean late = row.code() == AckStatus.ACK_REVOKE_LATE_VALUE;
                receipts.add(concluded.app(), row.key().endpoint(), concluded.ref(),
                        late ? ReceiptKind.REVOKE_LATE : ReceiptKind.REVOKED, row.code(), row.at());
            }
            return;
        }
        switch (row.how()) {
            case ACKED -> acked(concluded.app(), row);
            case EXPIRED -> add(concluded.app(), row, ReceiptKind.RECEIPT_EXPIRED, 0);
            case CANCELLED -> {
                if (row.code() == EndRow.REVOKED) {
                    add(concluded.app(), row, ReceiptKind.REVOKED, 0);
                }
            }
            case DEAD, OVERFLOWED, REJECTED, DELETED -> failed(concluded.app(), row);
            default -> { // a collapsed message has another one that stands for it
            }
        }
    }

    /** The compactor is about to end a message EXPIRED. */
    public void expired(int app, int bytes, MessageKey key, int kind, long at) {
        of(EndRow.own(key, How.EXPIRED, 0, at), new Concluded(Ended.NOW, app, kind, 0, bytes, How.EXPIRED, 0));
    }

    private void acked(int app, EndRow row) {
        AckStatus status = AckStatus.forNumber(row.code());
        switch (status == null ? AckStatus.ACK_STORED : status) {
            case ACK_APP_MISSING, ACK_DECRYPT_FAILED -> failed(app, row);
            case ACK_SHOWN -> {
                add(app, row, ReceiptKind.DELIVERED, row.code());
                add(app, row, ReceiptKind.SHOWN, row.code());
            }
            case ACK_CLICKED -> {
                add(app, row, ReceiptKind.DELIVERED, row.code());
                add(app, row, ReceiptKind.CLICKED, row.code());
            }
            case ACK_DROPPED_BY_USER -> {
                add(app, row, ReceiptKind.DELIVERED, row.code());
                add(app, row, ReceiptKind.DROPPED_BY_USER, row.code());
            }
            default -> add(app, row, ReceiptKind.DELIVERED, row.code());
        }
    }

    private void failed(int app, EndRow row) {
        add(app, row, ReceiptKind.FAILED, row.how().getNumber() * HOW_FACTOR + row.code());
    }

    private void add(int app, EndRow row, ReceiptKind kind, int code) {
        receipts.add(app, row.key().endpoint(), row.key().message(), kind, code, row.at());
    }
}
