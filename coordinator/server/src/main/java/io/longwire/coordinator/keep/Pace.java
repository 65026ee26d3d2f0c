package io.longwire.coordinator.keep;

import java.util.concurrent.atomic.AtomicLong;

/**
 * So many a second with a burst, as the time at which the next one would be due if all came evenly (the generic cell
 * rate algorithm): 16 bytes, no refill to run. Thread-safe.
 */
final class Pace {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong due;

    Pace(long now) {
        this.due = new AtomicLong(now);
    }

    /** 0 = one may pass, and is counted; else nanoseconds until one may. */
    long take(long now, double perSecond, double burst) {
        long each = Math.max(1, (long) (SECOND / perSecond));
        long ahead = (long) (each * (Math.max(1, burst) - 1));
        while (true) {
            long before = due.get();
            long from = before - now > 0 ? before : now;
            if (from - now > ahead) {
                return from - now - ahead;
            }
            if (due.compareAndSet(before, from + each)) {
                return 0;
            }
        }
    }
}
