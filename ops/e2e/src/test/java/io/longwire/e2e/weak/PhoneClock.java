package io.longwire.e2e.weak;

import io.longwire.keeper.clock.Clock;
import io.longwire.sdk.loop.SdkClock;
import io.longwire.sdk.loop.Wakeups;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

import static org.awaitility.Awaitility.await;

/**
 * The clocks of one phone, and what wakes it. They run faster than ours while a test says so: the phone's silences of
 * hours pass in seconds, over sockets, rooms and round trips that are real and therefore seem so much slower to it. At
 * 60 times a round trip of 1 ms takes 60 ms of the phone's time, and its ping time-out of 6 s takes 100 ms of ours.
 * Thread-safe.
 */
final class PhoneClock implements SdkClock, Wakeups, AutoCloseable {
    private static final long NANOS = 1_000_000;

    private final ScheduledExecutorService alarms = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("phone-alarms").factory());
    private final long wallStart = Clock.system().wallMillis();
    private long sinceNanos = Clock.system().nanos(); // guarded by this, as all that follows
    private long sinceMillis;
    private int speed = 1;
    private int fastest = 1;
    private long wallAhead;
    private long dueAt = NEVER;
    private @Nullable Runnable due;
    private @Nullable Future<?> alarm;

    @Override
    public synchronized long elapsedMillis() {
        return sinceMillis + (Clock.system().nanos() - sinceNanos) * speed / NANOS;
    }

    @Override
    public synchronized long wallMillis() {
        return wallStart + wallAhead + elapsedMillis();
    }

    /** From now on it runs so many times as fast as ours. */
    synchronized void speed(int times) {
        long now = elapsedMillis();
        sinceNanos = Clock.system().nanos();
        sinceMillis = now;
        speed = times;
        fastest = Math.max(fastest, times);
        set();
    }

    /** The highest speed there was. */
    synchronized int fastest() {
        return fastest;
    }

    /** Somebody sets the wall clock; nothing else changes. */
    synchronized void jump(Duration ahead) {
        wallAhead += ahead.toMillis();
    }

    /** Waits until so much of the phone's time has passed. */
    void pass(Duration time) {
        long until = elapsedMillis() + time.toMillis();
        await().atMost(time.plusMinutes(1)).pollInterval(Duration.ofMillis(5)).until(() -> elapsedMillis() >= until);
    }

    @Override
    public synchronized void wakeAt(long elapsedMillis, Runnable then) {
        dueAt = elapsedMillis;
        due = then;
        set();
    }

    private void set() {
        Future<?> old = alarm;
        if (old != null) {
            old.cancel(false);
        }
        Runnable then = due;
        alarm = dueAt == NEVER || then == null || alarms.isShutdown()
                ? null
                : alarms.schedule(then, Math.max(0, dueAt - elapsedMillis()) * NANOS / speed, TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized void close() {
        dueAt = NEVER;
        alarms.shutdownNow();
    }
}
