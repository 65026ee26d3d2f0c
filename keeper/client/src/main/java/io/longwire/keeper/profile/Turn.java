package io.longwire.keeper.profile;

import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Lets one caller at a time do what holds up the process, and not again before it has rested: whoever reaches the rpc
 * port may ask. Thread-safe; nobody waits for a turn.
 */
final class Turn {
    private final String what;
    private final Duration rest;
    private final Clock clock;
    private final Semaphore free = new Semaphore(1);
    private boolean done; // this and what follows belong to who has the permit
    private long over;

    /** @param what names it in what who comes too early is told */
    Turn(String what, Duration rest, Clock clock) {
        this.what = what;
        this.rest = rest;
        this.clock = clock;
    }

    /** What is done in a turn. */
    interface Work<T, E extends Exception> {
        T run() throws E;
    }

    /** Does it; throws Busy if it is not the time. Work that fails needs no rest. */
    <T, E extends Exception> T take(Work<T, E> work) throws E {
        if (!free.tryAcquire()) {
            throw new Busy(what + ": another one is being taken (expected: one at a time)");
        }
        try {
            long since = clock.nanos() - over;
            if (done && since < rest.toNanos()) {
                throw new Busy(what + ": one was taken " + since / 1_000_000 + " ms ago (expected: "
                        + rest.toSeconds() + " s between two)");
            }
            T result = work.run();
            over = clock.nanos();
            done = true;
            return result;
        } finally {
            free.release();
        }
    }
}
