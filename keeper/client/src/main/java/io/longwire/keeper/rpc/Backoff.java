package io.longwire.keeper.rpc;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Waiting times that double from 50 ms to 3 s, each anywhere between half of itself and itself. Thread-safe. */
final class Backoff {
    static final long FIRST_NANOS = 50_000_000L;
    static final long MOST_NANOS = 3_000_000_000L;

    private final AtomicInteger failures = new AtomicInteger();

    long nextNanos() {
        long bound = Math.min(MOST_NANOS, FIRST_NANOS << Math.min(failures.getAndIncrement(), 10));
        return bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1);
    }

    void reset() {
        failures.set(0);
    }
}
