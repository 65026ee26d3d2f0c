package io.longwire.register.slots;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.register.table.SessionTable;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Erases what counts as absent: entries of rooms long dead, and slots no longer ours. Goes round all slots for ever,
 * at most a million cells in a tenth of a second (some 6 ms of work), so a full table of 300 M is swept in 50 s and
 * an idle one costs nothing to speak of. One thread of its own, {@code register-sweeper}.
 */
public final class Sweeper implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int CELLS_PER_TICK = 1_000_000;
    private static final int SLOTS_PER_TICK = 256;

    private final SessionTable table;
    private final Ownership ownership;
    private final Rooms rooms;
    private final Metrics.Counter swept;
    private final AtomicBoolean working = new AtomicBoolean();
    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("register-sweeper").factory());
    private final Clock.Cancellable ticks;
    private int cursor;

    public Sweeper(SessionTable table, Ownership ownership, Rooms rooms, Clock clock, Metrics.Counter swept) {
        this.table = table;
        this.ownership = ownership;
        this.rooms = rooms;
        this.swept = swept;
        this.ticks = clock.every(TICK, this::start);
    }

    private void start() {
        if (working.compareAndSet(false, true)) {
            try {
                thread.execute(() -> {
                    try {
                        sweep();
                    } finally {
                        working.set(false);
                    }
                });
            } catch (RejectedExecutionException closed) {
                working.set(false);
            }
        }
    }

    /** One round's share; on the sweeper's thread, or a test's. */
    void sweep() {
        rooms.expire();
        long[] dead = rooms.sweepable();
        int cells = 0;
        for (int i = 0; i < SLOTS_PER_TICK && cells < CELLS_PER_TICK; i++) {
            int slot = cursor;
            cursor = (cursor + 1) % Slots.COUNT;
            if (ownership.owned(slot) == null) {
                ownership.clearLost(slot);
            } else if (dead.length > 0) {
                int erased = table.sweep(slot, room -> Rooms.has(dead, room));
                swept.add(erased);
                cells += erased == 0 ? 0 : table.cells(slot);
            }
        }
    }

    @Override
    public void close() {
        ticks.cancel();
        thread.shutdown();
    }
}
