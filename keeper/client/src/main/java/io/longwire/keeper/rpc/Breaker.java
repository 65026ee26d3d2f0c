package io.longwire.keeper.rpc;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Leaves a member alone that fails again and again: after five failed batches in a row for 250 ms, doubling to 4 s if
 * the trial item let through after each pause fails too. The items of one batch fail together and count once.
 * Thread-safe; while all is well it costs two volatile reads an item.
 */
final class Breaker {
    private static final int FAILURES = 5;
    private static final long FIRST_NANOS = 250_000_000L;
    private static final long MOST_NANOS = 4_000_000_000L;
    private static final long SAME_BATCH_NANOS = 1_000_000L;

    private final AtomicInteger inARow = new AtomicInteger();
    private volatile long lastFailure = Long.MIN_VALUE;
    private volatile long closedUntil;
    private volatile long pause;

    /** Whether an item may go there now; once after each pause one caller gets true for a trial. */
    boolean allows(long now) {
        if (pause == 0) {
            return true;
        }
        return now - closedUntil >= 0 && trial(now);
    }

    /** As {@link #allows}, but takes no trial: for whoever only compares. */
    boolean ready(long now) {
        return pause == 0 || now - closedUntil >= 0;
    }

    void success() {
        if (inARow.get() != 0 || pause != 0) {
            inARow.set(0);
            pause = 0;
        }
    }

    /** Returns true if this failure opened it. */
    boolean failure(long now) {
        long last = lastFailure;
        if (last != Long.MIN_VALUE && now - last < SAME_BATCH_NANOS) {
            return false;
        }
        lastFailure = now;
        int failures = inARow.incrementAndGet();
        if (failures < FAILURES) {
            return false;
        }
        boolean opens = pause == 0;
        long next = opens ? FIRST_NANOS : Math.min(MOST_NANOS, pause * 2);
        closedUntil = now + next;
        pause = next;
        return opens;
    }

    private synchronized boolean trial(long now) {
        if (pause == 0) {
            return true;
        }
        if (now - closedUntil < 0) {
            return false;
        }
        closedUntil = now + pause;
        return true;
    }
}
