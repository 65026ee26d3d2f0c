package io.longwire.saver.due;

import io.longwire.keeper.clock.Clock;
import io.longwire.saver.end.Adoption;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.inbox.SlotKeys;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.watch.Rounds;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Writes the rows of FAST messages whose saver died, or whose ledger failed, before they were written: each worked
 * slot is looked at every 20 s, what is unwritten for 5 s is written from the inbox. Idempotent.
 */
public final class FastSweep {
    private static final Duration LAP = Duration.ofSeconds(20);
    private static final Duration STEP = Duration.ofMillis(100);
    private static final int PER_SLOT = 500;
    private static final Duration LATE = Duration.ofSeconds(5);

    private final WorkedSlots worked;
    private final RedisNodes redis;
    private final SlotKeys slots;
    private final Adoption adoption;
    private final SlotLap lap = new SlotLap(LAP, STEP); // rounds never overlap

    public FastSweep(WorkedSlots worked, RedisNodes redis, Clock clock, Adoption adoption) {
        this.worked = worked;
        this.redis = redis;
        this.slots = new SlotKeys(clock);
        this.adoption = adoption;
    }

    /** Looks at all worked slots in 20 s, a few at a time. The caller closes it. */
    public Rounds start(Clock clock) {
        return new Rounds("fast-rows", clock, lap.period(), () -> lap.step(this::workIfMine), () -> { // as the ledger
        });
    }

    private void workIfMine(int slot) {
        if (worked.has(slot)) {
            work(slot);
        }
    }

    /** Writes what a slot has unwritten. Never blocks, never fails; completes when it was tried. */
    public CompletableFuture<Void> work(int slot) {
        RedisSession session = redis.session(slot);
        if (session == null) {
            return CompletableFuture.completedFuture(null);
        }
        return slots.unwritten(session, slot, LATE, PER_SLOT).thenCompose(keys -> CompletableFuture
                .allOf(keys.stream().map(key -> write(session, key)).toArray(CompletableFuture[]::new)))
                .exceptionally(unanswered -> null);
    }

    // One that is not in its inbox any more has ended, and its end has seen to the row.
    private CompletableFuture<Void> write(RedisSession session, MessageKey key) {
        return adoption.adopt(key, 0).thenCompose(outcome -> outcome == Adoption.Outcome.NOTHING
                ? slots.written(session, key)
                : CompletableFuture.completedFuture(0L)).handle((done, later) -> null);
    }
}
