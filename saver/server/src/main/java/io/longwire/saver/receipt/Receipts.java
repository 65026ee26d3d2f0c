package io.longwire.saver.receipt;

import com.google.protobuf.ByteString;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.saver.account.Apps;
import io.longwire.saver.end.ReceiptLog;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Keeps receipts of apps that want them: a bounded queue, group commits, and a counter of what was not kept because
 * the queue was full or the ledger away for longer than 10 s; whoever brought it knows, and brings it again.
 */
public final class Receipts implements ReceiptLog, AutoCloseable {
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

    /** As {@link ReceiptLog#add}. */
    @Override
    public CompletableFuture<@Nullable Void> add(int app, long endpoint, long message, ByteString trace,
            ReceiptKind kind, int code, long atMs) {
        if (kind == ReceiptKind.RECEIPT_NONE || kind == ReceiptKind.UNRECOGNIZED || !apps.known(app).getReceipts()) {
            return NOTHING;
        }
        return ledger.submit(Slots.of(endpoint), new ReceiptRow(app, endpoint, message, trace, kind, code, atMs))
                .whenComplete((kept, lost) -> {
                    if (lost != null) {
                        dropped.increment();
                    }
                }).thenAccept(kept -> { // it is there
                });
    }

    @Override
    public void close() {
        ledger.close();
    }
}
