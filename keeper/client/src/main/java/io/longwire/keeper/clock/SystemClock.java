package io.longwire.keeper.clock;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine's clock, and one daemon thread that runs what is scheduled. Thread-safe. */
final class SystemClock implements Clock {
    static final SystemClock INSTANCE = new SystemClock();
    private static final Logger LOG = LoggerFactory.getLogger(SystemClock.class);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().daemon().name("clock").factory());

    private SystemClock() {
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis(); // allowed: this is where time comes from
    }

    @Override
    public long nanos() {
        return System.nanoTime(); // allowed: this is where time comes from
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        var scheduled = timer.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public Cancellable every(Duration delay, Runnable task) {
        long nanos = delay.toNanos();
        var scheduled = timer.scheduleWithFixedDelay(guarded(task), nanos, nanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException bug) {
                LOG.error("a scheduled task failed and goes on at its next time", bug);
            }
        };
    }
}
