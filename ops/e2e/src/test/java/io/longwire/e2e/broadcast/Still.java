package io.longwire.e2e.broadcast;

import java.time.Duration;
import java.util.function.LongSupplier;

import static org.awaitility.Awaitility.await;

/** Waits for a number that grows no more. */
final class Still {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration STEP = Duration.ofSeconds(3);

    private Still() {
    }

    /** Waits until it has been the same for three seconds, and returns it. */
    static long at(LongSupplier number) {
        var last = new long[]{Long.MIN_VALUE};
        await().atMost(LIMIT).pollInterval(STEP).until(() -> {
            long now = number.getAsLong();
            boolean still = now == last[0];
            last[0] = now;
            return still;
        });
        return last[0];
    }
}
