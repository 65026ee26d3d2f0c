package io.longwire.saver.append;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.IdAge;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.ReadMessages;
import io.longwire.saver.ledger.Recorded;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.watch.HaltPoint;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The callers' idempotency keys. Insert first, so that two requests with one key meet in the table before either
 * stores anything; what stands there decides:
 *
 * <pre> nothing, or our own id, done = 0     store under our id same body, done = 1                  DUPLICATE of
 * that id same body, done = 0, id <= 10 min    whoever had it died or is at it: store again, under that id same body,
 * done = 0, older           it is in the ledger: done = 1, DUPLICATE; else swap our id in and store other body
 * KEY_CONFLICT any, claimed more than 24 h ago      swap our id in and store
 * </pre>
 */
final class IdemTable implements AutoCloseable {
    static final Duration KEPT = Duration.ofHours(24);
    private static final int MAX_TRIES = 3;
    private static final BatchQueue.Limits CLAIMS = new BatchQueue.Limits(2, 20_000, 8 << 20, Duration.ofMillis(2),
            Duration.ofMillis(500));
    private static final BatchQueue.Limits CHANGES = new BatchQueue.Limits(1, 40_000, 16 << 20, Duration.ofMillis(2),
            Duration.ofMillis(2_000));
    private static final BatchQueue.Limits READS = new BatchQueue.Limits(1, 1_000, 8 << 20, Duration.ofMillis(1),
            Duration.ofMillis(500));

    /** What the key says. */
    sealed interface Verdict {
        /** Store the message under this id. */
        record Store(long message) implements Verdict {
        }

        /** The key stands for this message, which is accepted. */
        record Duplicate(long message) implements Verdict {
        }

        /** The key stands for another request. */
        record Conflict(long message) implements Verdict {
        }
    }

    private final Shards.PerShard<ClaimKeys.Claim, IdemRow> claims;
    private final Shards.PerShard<SettleKeys.Change, Boolean> changes;
    private final Shards.PerShard<MessageKey, Recorded> reads;
    private final Clock clock;
    private final IdAge age;
    private final HaltPoints halts;

    IdemTable(Shards shards, Clock clock, HaltPoints halts) {
        this.claims = shards.each(shard -> shard.queue("idem", new ClaimKeys(), CLAIMS));
        this.changes = shards.each(shard -> shard.queue("idem-done", new SettleKeys(), CHANGES));
        this.reads = shards.each(shard -> shard.queue("idem-read", new ReadMessages(), READS));
        this.clock = clock;
        this.age = new IdAge(clock);
        this.halts = halts;
    }

    /** Whether what an old claim stands for was stored after all. */
    interface Probe {
        CompletableFuture<Boolean> stored(long id);
    }

    /** Claims the key for a message, or says what it stands for. Fails with StoreFailure. */
    CompletableFuture<Verdict> claim(IdemKey key, MessageKey message) {
        return claim(key, message.message(), old -> stored(new MessageKey(message.endpoint(), old)));
    }

    /** Whether the ledger has the message, or had it. Fails with StoreFailure. */
    CompletableFuture<Boolean> stored(MessageKey message) {
        return reads.submit(message.slot(), message).thenApply(found -> found.row() != null || found.ended());
    }

    /** Claims the key for an id of something else, which the probe knows how to find. */
    CompletableFuture<Verdict> claim(IdemKey key, long id, Probe probe) {
        return claim(key, id, probe, 1);
    }

    private CompletableFuture<Verdict> claim(IdemKey key, long id, Probe probe, int tried) {
        long now = clock.wallMillis();
        return claims.submit(slot(key), new ClaimKeys.Claim(key, id, now)).thenCompose(row -> {
            halts.pass(HaltPoint.IDEM_INSERTED);
            if (now - row.at() > KEPT.toMillis()) {
                return swap(key, row, id, probe, tried);
            }
            if (!row.body().equals(key.body())) {
                return done(new Verdict.Conflict(row.message()));
            }
            if (row.done()) {
                return done(new Verdict.Duplicate(row.message()));
            }
            if (row.message() == id || !age.stale(row.message())) {
                return done(new Verdict.Store(row.message()));
            }
            return probe.stored(row.message()).thenCompose(stored -> {
                if (!stored) {
                    return swap(key, row, id, probe, tried);
                }
                accepted(key, row.message());
                return done(new Verdict.Duplicate(row.message()));
            });
        });
    }

    private CompletableFuture<Verdict> swap(IdemKey key, IdemRow row, long id, Probe probe, int tried) {
        return changes.submit(slot(key), new SettleKeys.Change(key, row.message(), id, clock.wallMillis()))
                .thenCompose(swapped -> swapped || tried == MAX_TRIES
                        ? done(new Verdict.Store(id))
                        : claim(key, id, probe, tried + 1));
    }

    /** The message of the key is accepted. Not waited for: without it a retry stores again under the same id. */
    void accepted(IdemKey key, long message) {
        settle(key, message).exceptionally(later -> false);
    }

    /** As accepted; completes when it is committed, or fails with StoreFailure. */
    CompletableFuture<Boolean> settle(IdemKey key, long id) {
        return changes.submit(slot(key), new SettleKeys.Change(key, id, id, 0));
    }

    private static int slot(IdemKey key) {
        return Shards.slotOfHash(key.key().toByteArray());
    }

    private static CompletableFuture<Verdict> done(Verdict verdict) {
        return CompletableFuture.completedFuture(verdict);
    }

    @Override
    public void close() {
        claims.close();
        changes.close();
        reads.close();
    }
}
