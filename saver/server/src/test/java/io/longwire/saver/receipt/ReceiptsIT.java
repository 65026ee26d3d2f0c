package io.longwire.saver.receipt;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.PullReceiptsReply;
import io.longwire.rpc.saver.PullReceiptsRequest;
import io.longwire.rpc.saver.Receipt;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.rpc.saver.UpdateAppRequest;
import io.longwire.saver.Bench;
import io.longwire.saver.account.Apps;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

final class ReceiptsIT {
    private static final ByteString NONE = ByteString.EMPTY;

    private Bench bench;
    private Apps apps;
    private Receipts receipts;
    private PullReceipts pulls;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench();
        apps = new Apps(bench.shard, bench.clock);
        want(true);
        receipts = new Receipts(bench.shards, apps, bench.clock, bench.metrics);
        pulls = new PullReceipts(bench.shards);
    }

    @AfterEach
    void stop() {
        receipts.close();
        bench.close();
    }

    @Test
    void givesEachKindOnceInTheOrderOfTheCursor() throws Exception {
        receipts.add(bench.app, 1, 11, NONE, ReceiptKind.DELIVERED, 0, 5);
        receipts.add(bench.app, 1, 11, NONE, ReceiptKind.DELIVERED, 0, 6);
        receipts.add(bench.app, 1, 11, NONE, ReceiptKind.SHOWN, 3, 7);
        receipts.add(bench.app, 2, 11, NONE, ReceiptKind.DELIVERED, 0, 8);
        stored(3);

        PullReceiptsReply first = pull(ByteString.EMPTY, 2);
        PullReceiptsReply second = pull(first.getCursor(), 2);

        assertThat(first.getMore()).isTrue();
        assertThat(first.getReceiptsList()).hasSize(2);
        assertThat(second.getReceiptsList()).hasSize(1);
        assertThat(second.getMore()).isFalse();
        Receipt delivered = first.getReceipts(0);
        assertThat(delivered.getAtMs()).as("the first one counts").isEqualTo(5);
        assertThat(pull(second.getCursor(), 2).getReceiptsList()).isEmpty();
        assertThat(pull(first.getCursor(), 2)).as("a cursor may be used again").isEqualTo(second);
        assertThatThrownBy(() -> pull(ByteString.copyFromUtf8("x"), 2))
                .hasMessage("cursor: 1 bytes (expected: one that was given with receipts)");
    }

    @Test
    void givesTheTraceOfTheMessageWhereItHasOne() throws Exception {
        ByteString trace = ByteString.copyFromUtf8("0 sixteen bytes.. parent 1");
        receipts.add(bench.app, 1, 11, trace, ReceiptKind.DELIVERED, 0, 5);
        receipts.add(bench.app, 1, 12, NONE, ReceiptKind.DELIVERED, 0, 6);
        stored(2);

        assertThat(pull(ByteString.EMPTY, 2).getReceiptsList()).extracting(Receipt::getMessageId, Receipt::getTrace)
                .containsExactlyInAnyOrder(tuple(11L, trace), tuple(12L, NONE));
    }

    @Test
    void keepsNoneForAnAppThatDoesNotWantThem() throws Exception {
        want(false);
        receipts.add(bench.app, 1, 11, NONE, ReceiptKind.DELIVERED, 0, 5);
        want(true);
        receipts.add(bench.app, 1, 12, NONE, ReceiptKind.DELIVERED, 0, 5);

        stored(1);
    }

    /** Two savers write, one reader follows the cursor as fast as it can: it must meet every receipt. */
    @Test
    void passesNoneByThatIsCommittedLate() throws Exception {
        int each = 4_000;
        var other = new Receipts(bench.shards, apps, bench.clock, bench.metrics);
        var ready = new CountDownLatch(1);
        try {
            Thread one = Thread.ofVirtual().start(() -> write(receipts, ready, 0, each));
            Thread two = Thread.ofVirtual().start(() -> write(other, ready, each, each));
            ready.countDown();

            Set<Long> met = new HashSet<>();
            ByteString[] cursor = {ByteString.EMPTY};
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        PullReceiptsReply reply = pull(cursor[0], 100);
                        cursor[0] = reply.getCursor();
                        reply.getReceiptsList().forEach(receipt -> met.add(receipt.getEndpointId()));
                        return !reply.getMore() && bench.count("SELECT COUNT(*) FROM receipt") == 2L * each
                                && pull(cursor[0], 1).getReceiptsCount() == 0;
                    });

            one.join();
            two.join();
            assertThat(met).hasSize(2 * each);
        } finally {
            other.close();
        }
    }

    private void write(Receipts to, CountDownLatch ready, int first, int count) {
        try {
            ready.await();
        } catch (InterruptedException stopped) {
            return;
        }
        for (int i = 0; i < count; i++) {
            to.add(bench.app, first + i, 77, NONE, ReceiptKind.SHOWN, 0, 1);
        }
    }

    private PullReceiptsReply pull(ByteString cursor, int limit) throws Exception {
        return pulls.pull(PullReceiptsRequest.newBuilder().setAppId(bench.app).setCursor(cursor).setLimit(limit)
                .build());
    }

    private void stored(int count) {
        await().until(() -> bench.count("SELECT COUNT(*) FROM receipt") == count);
    }

    private void want(boolean receipts) throws Exception {
        apps.update(UpdateAppRequest.newBuilder().addMask("receipts")
                .setApp(AppRecord.newBuilder().setAppId(bench.app).setReceipts(receipts)).build());
    }
}
