package io.longwire.saver.end;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.DeliveryClass;
import io.longwire.saver.inbox.Looked.Waiting;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.EndRow;
import io.longwire.saver.ledger.IdAge;
import io.longwire.saver.ledger.InsertMessages;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageKind;
import io.longwire.saver.ledger.MessageRow;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.Stored;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * FAST messages whose end comes before their row: the ack was quicker than the ledger, or the saver that had to write
 * the row has died. The row is written from what the inbox has, so that the end finds it; written by two, it is one.
 * An id too old to be written is taken out of the inbox and counted: its end has no row to stand on. Thread-safe.
 */
final class Adoption implements AutoCloseable {
    private static final BatchQueue.Limits LIMITS = new BatchQueue.Limits(1, 20_000, 32 << 20, Duration.ofMillis(1),
            Duration.ofMillis(1_500));

    private final Shards.PerShard<MessageRow, Stored> rows;
    private final Endings.Parts parts;
    private final Metrics.Counter adopted;
    private final Metrics.Counter orphans;

    Adoption(Shards shards, Endings.Parts parts, Metrics metrics) {
        this.rows = shards.each(
                shard -> shard.queue("adopted", new InsertMessages(new IdAge(parts.clock())), LIMITS));
        this.parts = parts;
        this.adopted = metrics.counter(SaverMetric.FAST_ADOPTED);
        this.orphans = metrics.counter(SaverMetric.FAST_ORPHANS);
    }

    /** Whether there is a row now that the end may be tried on again; fails with StoreFailure. */
    CompletableFuture<Boolean> adopt(EndRow end) {
        RedisSession session = parts.redis().session(end.key().slot());
        if (session == null) {
            return CompletableFuture.completedFuture(false);
        }
        return parts.inbox().read(session, end.key()).exceptionally(silent -> null)
                .thenCompose(waiting -> waiting == null || !waiting.fast() || foreign(end, waiting)
                        ? CompletableFuture.completedFuture(false)
                        : write(session, end.key(), waiting));
    }

    private static boolean foreign(EndRow end, Waiting waiting) {
        return end.app() != 0 && end.app() != waiting.app();
    }

    private CompletableFuture<Boolean> write(RedisSession session, MessageKey key, Waiting waiting) {
        var row = new MessageRow(key, waiting.app(),
                MessageKind.of(DeliveryClass.FAST, waiting.headless(), waiting.revoke()), waiting.expireAt(),
                parts.clock().wallMillis(), waiting.envelope(), waiting.collapse());
        return rows.submit(key.slot(), row).thenCompose(stored -> {
            if (stored != Stored.STALE) {
                adopted.increment();
                return CompletableFuture.completedFuture(true);
            }
            orphans.increment();
            return parts.inbox().remove(session, key.endpoint(), List.of(key.message()), false)
                    .handle((removed, failure) -> false);
        });
    }

    @Override
    public void close() {
        rows.close();
    }
}
