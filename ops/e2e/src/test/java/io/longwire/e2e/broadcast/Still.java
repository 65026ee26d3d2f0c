package io.longwire.e2e.broadcast;

import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

import static org.awaitility.Awaitility.await;

/** Waits for a number that grows no more, or sees how fast it grows. */
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

    /** What it is when so much time has passed: what is to be in force by then has this time, and no more. */
    static long in(Duration time, LongSupplier number) {
        await().pollDelay(time).atMost(LIMIT).until(() -> true);
        return number.getAsLong();
    }

    /** By how much it grows a second, over so much time. */
    static double perSecond(Duration time, LongSupplier number) {
        long first = number.getAsLong();
        long began = Clock.system().nanos();
        long last = in(time, number);
        return (last - first) * 1e9 / (Clock.system().nanos() - began);
    }
}
