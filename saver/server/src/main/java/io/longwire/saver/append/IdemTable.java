package io.longwire.saver.append;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.IdAge;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.ReadStanding;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.Standing;
import io.longwire.saver.watch.HaltPoint;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The callers' idempotency keys. Insert first, so that two requests with one key meet in the table before either
 * stores anything; what stands there decides:
 *
 * <ul>
 * <li>nothing, or our own id, done = 0: store under our id;
 * <li>same body, done = 1: DUPLICATE of that id;
 * <li>same body, done = 0, id of the last 10 min: whoever had it died or is at it, so store again, under that id;
 * <li>same body, done = 0, older: what the ledger says of that id. Ended: done = 1, DUPLICATE. Refused: refused again.
 * A row: its append was confirmed by nobody, so its slot is marked COLD, which is what accepted means, then done = 1,
 * DUPLICATE. Nothing: swap our id in and store;
 * <li>other body: KEY_CONFLICT;
 * <li>any, claimed more than 24 h ago: swap our id in and store.
 * </ul>
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

        /** The key stands for this message, whose row is there; whether an inbox got it, nobody knows. */
        record Unconfirmed(long message) implements Verdict {
        }

        /** The key stands for this message, which was refused. */
        record Refused(long message, boolean gone) implements Verdict {
        }

        /** The key stands for another request. */
        record Conflict(long message) implements Verdict {
        }
    }

    private final Shards.PerShard<ClaimKeys.Claim, IdemRow> claims;
    private final Shards.PerShard<SettleKeys.Change, Boolean> changes;
    private final Shards.PerShard<MessageKey, Standing> reads;
    private final Clock clock;
    private final IdAge age;
    private final HaltPoints halts;

    IdemTable(Shards shards, Clock clock, HaltPoints halts) {
        this.claims = shards.each(shard -> shard.queue("idem", new ClaimKeys(), CLAIMS));
        this.changes = shards.each(shard -> shard.queue("idem-done", new SettleKeys(), CHANGES));
        this.reads = shards.each(shard -> shard.queue("idem-read", new ReadStanding(), READS));
        this.clock = clock;
        this.age = new IdAge(clock);
        this.halts = halts;
    }

    /** What an old claim stands for; empty if that was never stored. */
    interface Probe {
        CompletableFuture<Optional<Verdict>> find(long id);
    }

    /** Claims the key for a message, or says what it stands for. Fails with StoreFailure. */
    CompletableFuture<Verdict> claim(IdemKey key, MessageKey message) {
        return claim(key, message.message(), old -> find(new MessageKey(message.endpoint(), old)));
    }

    /** What the ledger says of a message that a key stands for; empty if it has none. Fails with StoreFailure. */
    CompletableFuture<Optional<Verdict>> find(MessageKey message) {
        return reads.submit(message.slot(), message).thenApply(standing -> standing.known()
                ? Optional.of(verdict(message.message(), standing))
                : Optional.empty());
    }

    private static Verdict verdict(long message, Standing standing) {
        if (standing.refused()) {
            return new Verdict.Refused(message, standing.gone());
        }
        return standing.ended() ? new Verdict.Duplicate(message) : new Verdict.Unconfirmed(message);
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
            return probe.find(row.message()).thenCompose(found -> {
                if (found.isPresent() && found.get() instanceof Verdict.Duplicate) {
                    accepted(key, row.message());
                }
                return found.isPresent() ? done(found.get()) : swap(key, row, id, probe, tried);
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
