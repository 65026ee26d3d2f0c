package io.longwire.register.client;

import io.longwire.keeper.clock.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps lookups away from an owner that does not answer: after 5 failures in a row it lets one question through each
 * second until one succeeds. Thread-safe.
 */
final class Breaker {
    private static final int FAILURES = 5;
    private static final long RETRY_MILLIS = 1_000;

    private final Clock clock;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong nextTryMillis = new AtomicLong();

    Breaker(Clock clock) {
        this.clock = clock;
    }

    /** Whether to ask now. A true while open is the one trial of this second. */
    boolean allows() {
        if (failures.get() < FAILURES) {
            return true;
        }
        long next = nextTryMillis.get();
        long now = clock.millis();
        return now - next >= 0 && nextTryMillis.compareAndSet(next, now + RETRY_MILLIS);
    }

    void succeeded() {
        if (failures.get() != 0) {
            failures.set(0);
        }
    }

    void failed() {
        if (failures.incrementAndGet() == FAILURES) {
            nextTryMillis.set(clock.millis() + RETRY_MILLIS);
        }
    }
}
