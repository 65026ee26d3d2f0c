package io.longwire.keeper.rpc;

import io.longwire.keeper.clock.Clock;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * How late a loop runs what is due, by a tick four times a second; while it is held up, by the tick that has not come.
 * Written by the loop, read by any thread.
 */
final class LoopLag implements Runnable {
    private static final long TICK_MILLIS = 250;

    private final Clock clock;
    private volatile long dueNanos;
    private volatile long lateNanos;

    private LoopLag(Clock clock) {
        this.clock = clock;
        plan();
    }

    /** Measures until the loop ends. */
    static LoopLag of(EventExecutor loop, Clock clock) {
        var lag = new LoopLag(clock);
        loop.scheduleWithFixedDelay(lag, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        return lag;
    }

    long millis() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(Math.max(lateNanos, clock.nanos() - dueNanos)));
    }

    @Override
    public void run() {
        lateNanos = clock.nanos() - dueNanos;
        plan();
    }

    private void plan() {
        dueNanos = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    }
}
