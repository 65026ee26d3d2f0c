package io.longwire.keeper.profile;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** A thread that uses the processor, so that a profile has something to find. */
public final class Busyness {
    /** Where others could see it, so that no compiler finds it needless. */
    private static final AtomicReference<byte[]> LAST = new AtomicReference<>(new byte[0]);

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

    /** Makes arrays until the latch is down. */
    public static void allocating(CountDownLatch over) {
        while (over.getCount() > 0) {
            LAST.set(allocate());
        }
    }

    private static byte[] allocate() {
        return new byte[64 * 1024];
    }

    /** Wants a monitor again and again until the latch is down; two threads of it are in each other's way. */
    public static void contending(Object monitor, CountDownLatch over) {
        double sum = 0;
        while (over.getCount() > 0) {
            sum += contend(monitor);
        }
        if (Double.isNaN(sum)) {
            throw new AssertionError("sum: " + sum);
        }
    }

    private static double contend(Object monitor) {
        synchronized (monitor) {
            return spin(1);
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
