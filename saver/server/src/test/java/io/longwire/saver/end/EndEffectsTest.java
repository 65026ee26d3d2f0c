package io.longwire.saver.end;

import io.longwire.device.v1.AckStatus;
import io.longwire.rpc.saver.DeliveryClass;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.saver.FakeReceipts;
import io.longwire.saver.FakeReceipts.Told;
import io.longwire.saver.FakeStock;
import io.longwire.saver.ledger.Concluded;
import io.longwire.saver.ledger.EndRow;
import io.longwire.saver.ledger.Ended;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageKind;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class EndEffectsTest {
    private static final MessageKey KEY = new MessageKey(5, 50);
    private static final int REVOKE = MessageKind.of(DeliveryClass.DURABLE, false, true);

    private final FakeReceipts receipts = new FakeReceipts();
    private final FakeStock stock = new FakeStock();
    private final EndEffects effects = new EndEffects(receipts, stock);

    @Test
    void tellsWhatTheDeviceDidWithAMessage() {
        ended(Ended.NOW, How.ACKED, AckStatus.ACK_STORED_VALUE);
        ended(Ended.NOW, How.ACKED, AckStatus.ACK_SHOWN_VALUE);
        ended(Ended.NOW, How.ACKED, AckStatus.ACK_CLICKED_VALUE);
        ended(Ended.NOW, How.ACKED, AckStatus.ACK_DROPPED_BY_USER_VALUE);

        assertThat(receipts.kinds(50)).containsExactly(ReceiptKind.DELIVERED, ReceiptKind.DELIVERED, ReceiptKind.SHOWN,
                ReceiptKind.DELIVERED, ReceiptKind.CLICKED, ReceiptKind.DELIVERED, ReceiptKind.DROPPED_BY_USER);
    }

    @Test
    void tellsWhyAMessageFailed() {
        ended(Ended.NOW, How.ACKED, AckStatus.ACK_APP_MISSING_VALUE);
        ended(Ended.NOW, How.ACKED, AckStatus.ACK_DECRYPT_FAILED_VALUE);
        ended(Ended.NOW, How.ACKED, AckStatus.ACK_NOT_SEALED_VALUE);
        ended(Ended.NOW, How.DEAD, 2);
        ended(Ended.NOW, How.OVERFLOWED, 0);
        ended(Ended.NOW, How.REJECTED, 1);
        ended(Ended.NOW, How.DELETED, 0);

        assertThat(receipts.of(50)).containsExactly(failed(102), failed(103), failed(108), failed(602), failed(500),
                failed(801), failed(700));
    }

    @Test
    void tellsExpiryAndRevokesAndNothingOfACancelOrACollapse() {
        ended(Ended.NOW, How.EXPIRED, 0);
        ended(Ended.NOW, How.CANCELLED, EndRow.REVOKED);
        ended(Ended.NOW, How.CANCELLED, 0);
        ended(Ended.NOW, How.COLLAPSED, 0);

        assertThat(receipts.kinds(50)).containsExactly(ReceiptKind.RECEIPT_EXPIRED, ReceiptKind.REVOKED);
    }

    @Test
    void tellsTheAckOfARevokeForTheMessageItTookBack() {
        revoke(How.ACKED, AckStatus.ACK_STORED_VALUE);
        revoke(How.ACKED, AckStatus.ACK_REVOKE_LATE_VALUE);
        revoke(How.EXPIRED, 0);

        assertThat(receipts.kinds(49)).containsExactly(ReceiptKind.REVOKED, ReceiptKind.REVOKE_LATE);
        assertThat(receipts.of(50)).isEmpty();
    }

    @Test
    void tellsAgainWhatStandsWhoeverAsksForAnotherEnd() {
        var expired = new Concluded(Ended.BEFORE, 3, 0, 0, 30, How.EXPIRED, 0);
        effects.of(EndRow.own(KEY, How.CANCELLED, EndRow.REVOKED, 9), expired);
        effects.of(EndRow.own(KEY, How.OVERFLOWED, 0, 9),
                new Concluded(Ended.BEFORE, 3, 0, 0, 30, How.ACKED, AckStatus.ACK_SHOWN_VALUE));
        ended(Ended.NO_MESSAGE, How.ACKED, 0);

        assertThat(receipts.kinds(50)).containsExactly(ReceiptKind.RECEIPT_EXPIRED, ReceiptKind.DELIVERED,
                ReceiptKind.SHOWN);
        assertThat(stock.messages()).isZero();
    }

    @Test
    void tellsAnAckAgainAndOneThatComesTooLateBesideWhatStands() {
        ended(Ended.BEFORE, How.ACKED, AckStatus.ACK_STORED_VALUE);
        effects.of(EndRow.own(KEY, How.ACKED, AckStatus.ACK_STORED_VALUE, 9),
                new Concluded(Ended.BEFORE, 3, 0, 0, 30, How.EXPIRED, 0));

        assertThat(receipts.kinds(50)).containsExactly(ReceiptKind.DELIVERED, ReceiptKind.RECEIPT_EXPIRED,
                ReceiptKind.DELIVERED);
    }

    @Test
    void isDoneWhenEachReceiptIsKept() {
        receipts.answer = new CompletableFuture<>();

        var told = effects.of(EndRow.own(KEY, How.ACKED, AckStatus.ACK_SHOWN_VALUE, 9),
                new Concluded(Ended.NOW, 3, 0, 0, 30, How.ACKED, AckStatus.ACK_SHOWN_VALUE));

        assertThat(told).isNotDone();
        receipts.answer.complete(null);
        assertThat(told).isCompleted();
    }

    @Test
    void takesAnEndedMessageOutOfTheStockOnce() {
        ended(Ended.NOW, How.ACKED, 0);
        ended(Ended.BEFORE, How.ACKED, 0);

        assertThat(stock.messages()).isEqualTo(-1);
        assertThat(stock.bytes()).isEqualTo(-30);
    }

    private void ended(Ended ended, How how, int code) {
        effects.of(EndRow.own(KEY, how, code, 9), new Concluded(ended, 3, 0, 0, 30, how, code));
    }

    private void revoke(How how, int code) {
        effects.of(EndRow.own(KEY, how, code, 9), new Concluded(Ended.NOW, 3, REVOKE, 49, 30, how, code));
    }

    private static Told failed(int code) {
        return new Told(3, 5, 50, ReceiptKind.FAILED, code);
    }
}
