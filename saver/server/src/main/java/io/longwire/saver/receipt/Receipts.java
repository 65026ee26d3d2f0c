package io.longwire.saver.receipt;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.saver.account.Apps;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;

/**
 * Takes receipts of apps that want them, behind the answer to whoever brought them: a bounded queue, group commits,
 * and a counter of what was dropped because the queue was full or the ledger away for longer than 10 s.
 */
public final class Receipts implements AutoCloseable {
    private static final BatchQueue.Limits LIMITS = new BatchQueue.Limits(1, 40_000, 8 << 20, Duration.ofMillis(20),
            Duration.ofSeconds(10));

    private final Apps apps;
    private final Shards.PerShard<ReceiptRow, Boolean> ledger;
    private final Metrics.Counter dropped;

    public Receipts(Shards shards, Apps apps, Clock clock, Metrics metrics) {
        this.apps = apps;
        this.ledger = shards.each(shard -> shard.queue("receipt", new InsertReceipts(clock), LIMITS));
        this.dropped = metrics.counter(SaverMetric.RECEIPTS_DROPPED);
    }

    /** Keeps a receipt if the app wants them. Never blocks, never fails; {@code atMs} is unix ms. */
    public void add(int app, long endpoint, long message, ReceiptKind kind, int code, long atMs) {
        if (kind == ReceiptKind.RECEIPT_NONE || kind == ReceiptKind.UNRECOGNIZED || !apps.known(app).getReceipts()) {
            return;
        }
        ledger.submit(Slots.of(endpoint), new ReceiptRow(app, endpoint, message, kind, code, atMs))
                .exceptionally(lost -> {
                    dropped.increment();
                    return false;
                });
    }

    @Override
    public void close() {
        ledger.close();
    }
}
