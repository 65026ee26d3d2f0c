package io.longwire.saver.end;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.DeliveryClass;
import io.longwire.saver.inbox.Looked.Waiting;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.inbox.SlotKeys;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.IdAge;
import io.longwire.saver.ledger.InsertMessages;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageKind;
import io.longwire.saver.ledger.MessageRow;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.Stored;
import io.longwire.saver.ledger.Traces;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * FAST messages whose end comes before their row: the ack was quicker than the ledger, or the saver that had to write
 * the row has died. The row is written from what the inbox has; written by two, it is one. An id too old to be written
 * stays without a row and is counted; its note stays until it ends, so that its inbox is not parked. Thread-safe.
 */
public final class Adoption implements AutoCloseable {
    private static final BatchQueue.Limits LIMITS = new BatchQueue.Limits(1, 20_000, 32 << 20, Duration.ofMillis(1),
            Duration.ofMillis(1_500));
    private static final Duration AGAIN = Duration.ofDays(1); // an orphan that has expired is looked for so often

    private final Shards.PerShard<MessageRow, Stored> rows;
    private final Endings.Parts parts;
    private final SlotKeys slots;
    private final Metrics.Counter adopted;
    private final Metrics.Counter orphans;

    Adoption(Shards shards, Endings.Parts parts, Metrics metrics) {
        this.rows = shards.each(
                shard -> shard.inserts("adopted", new InsertMessages(new IdAge(parts.clock())), LIMITS));
        this.parts = parts;
        this.slots = new SlotKeys(parts.clock());
        this.adopted = metrics.counter(SaverMetric.FAST_ADOPTED);
        this.orphans = metrics.counter(SaverMetric.FAST_ORPHANS);
    }

    /** What became of it. */
    public enum Outcome {
        /** No such message waits in the inbox, or it is not FAST, or another app's. */
        NOTHING,
        /** Its row is in the ledger. */
        WRITTEN,
        /** It waits, and its id is too old to be written. */
        TOO_OLD
    }

    /** Writes the row of a message that waits, if it is FAST; app 0 = whoever's. Fails with StoreFailure. */
    public CompletableFuture<Outcome> adopt(MessageKey key, int app) {
        RedisSession session = parts.redis().session(key.slot());
        if (session == null) {
            return CompletableFuture.completedFuture(Outcome.NOTHING);
        }
        return parts.inbox().read(session, key).thenCompose(
                waiting -> waiting == null || !waiting.fast() || (app != 0 && app != waiting.app())
                        ? CompletableFuture.completedFuture(Outcome.NOTHING)
                        : write(session, key, waiting));
    }

    private CompletableFuture<Outcome> write(RedisSession session, MessageKey key, Waiting waiting) {
        int kind = MessageKind.traced(MessageKind.of(DeliveryClass.FAST, waiting.headless(), waiting.revoke()),
                !Traces.in(waiting.envelope()).isEmpty());
        var row = new MessageRow(key, waiting.app(), kind, waiting.expireAt(),
                parts.clock().wallMillis(), waiting.envelope(), waiting.collapse());
        return rows.submit(key.slot(), row).thenApply(stored -> {
            if (stored == Stored.STALE) {
                slots.unwritable(session, key,
                        Math.max(waiting.expireAt(), parts.clock().wallMillis() + AGAIN.toMillis()));
                orphans.increment();
                return Outcome.TOO_OLD;
            }
            slots.written(session, key);
            if (stored == Stored.COMMITTED) { // else whoever wrote the row has counted it
                parts.effects().stored(row);
            }
            adopted.increment();
            return Outcome.WRITTEN;
        });
    }

    @Override
    public void close() {
        rows.close();
    }
}
