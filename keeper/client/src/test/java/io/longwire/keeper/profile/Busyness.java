package io.longwire.keeper.profile;

import java.util.concurrent.CountDownLatch;

/** A thread that uses the processor, so that a profile has something to find. */
public final class Busyness {
    private Busyness() {
    }

    /** Calculates until the latch is down. */
    public static void until(CountDownLatch over) {
        double sum = 0;
        for (long i = 1; over.getCount() > 0; i++) {
            sum += spin(i);
        }
        if (Double.isNaN(sum)) {
            throw new AssertionError("sum: " + sum);
        }
    }

    private static double spin(long from) {
        double sum = 0;
        for (int i = 1; i < 10_000; i++) {
            sum += Math.sin((double) (from + i));
        }
        return sum;
    }
}
