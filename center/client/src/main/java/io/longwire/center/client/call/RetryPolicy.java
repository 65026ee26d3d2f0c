package io.longwire.center.client.call;

import java.time.Duration;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * When to try again, and how long in all.
 *
 * @param total after which a call fails, however many tries it took
 * @param perTry what one try may take
 * @param firstPause before the second try; doubles from try to try, and half of each pause is random
 * @param longestPause where the doubling ends; what the server asks for may be longer
 */
public record RetryPolicy(Duration total, Duration perTry, Duration firstPause, Duration longestPause) {
    /** 15 s in all, 4 s a try, pauses from 50 ms to 2 s. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(Duration.ofSeconds(15), Duration.ofSeconds(4),
            Duration.ofMillis(50), Duration.ofSeconds(2));

    private static final Set<String> NOTHING_DONE = Set.of("busy", "not_serving");

    public RetryPolicy {
        positive("total", total);
        positive("perTry", perTry);
        positive("firstPause", firstPause);
        positive("longestPause", longestPause);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: above zero)");
        }
    }

    /** Whether the failed call may be made again at all, time aside. */
    static boolean worth(BackendException failure, Repeat repeat) {
        if (failure instanceof BackendException.QuotaExceeded) {
            return !failure.retryAfter().isZero();
        }
        return failure instanceof BackendException.Unavailable
                && (repeat == Repeat.ALWAYS || NOTHING_DONE.contains(failure.code()));
    }

    /**
     * How long to wait before the next try; never less than the server asked for.
     *
     * @param tries how many there were
     * @param random from 0 to 1
     */
    Duration pause(BackendException failure, int tries, DoubleSupplier random) {
        double doubled = (double) firstPause.toNanos() * Math.pow(2, Math.min(tries - 1, 30));
        long own = (long) (Math.min(doubled, (double) longestPause.toNanos()) * (0.5 + random.getAsDouble() / 2));
        long asked = failure.retryAfter().toNanos();
        return Duration.ofNanos(asked == 0 ? own : asked + Math.min(own, asked / 4));
    }
}
