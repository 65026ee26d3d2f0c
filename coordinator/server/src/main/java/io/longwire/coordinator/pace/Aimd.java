package io.longwire.coordinator.pace;

import java.time.Duration;

/**
 * A share that is halved whenever it is too much and grows by equal steps otherwise. The step is a twentieth, a second,
 * of the share at which it was last too much, so that what a backend can bear is overshot by a fifth at most within the
 * {@link #REACTION} that a change takes to be felt, whether it bears all or a hundredth; when nothing was too much for
 * {@link #FREE}, it is a fiftieth of the whole. Within the reaction nothing is cut again, since what is seen then is of
 * before. Not thread-safe; times are those of a monotonic clock.
 */
final class Aimd {
    static final double FLOOR = 0.01;
    static final Duration REACTION = Duration.ofSeconds(4);
    static final Duration FREE = Duration.ofSeconds(60);

    private static final double CUT = 0.5;
    private static final double STEP = 0.05;
    private static final double FREE_STEP = 0.02;
    private static final double LEAST_STEP = 0.001;
    private static final double SECOND = 1e9;

    private double share = 1;
    private double knee = 1;
    private long cutAt;
    private long seenAt;
    private boolean begun;

    /** Of the whole, {@link #FLOOR} to 1. */
    double share() {
        return share;
    }

    /** As things are now; about once a second. True = it was cut. */
    boolean look(long nanos, boolean tooMuch) {
        double passed = begun ? (nanos - seenAt) / SECOND : 0;
        seenAt = nanos;
        if (!begun) {
            begun = true;
            cutAt = nanos - FREE.toNanos();
        }
        long since = nanos - cutAt;
        if (tooMuch) {
            if (since < REACTION.toNanos()) {
                return false;
            }
            knee = share;
            share = Math.max(FLOOR, share * CUT);
            cutAt = nanos;
            return true;
        }
        double step = Math.max(LEAST_STEP, knee * STEP);
        share = Math.min(1, share + passed * (since < FREE.toNanos() ? step : Math.max(step, FREE_STEP)));
        return false;
    }
}
