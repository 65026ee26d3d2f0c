package io.longwire.keeper.clock;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

import org.jspecify.annotations.Nullable;

/** A clock that goes on only when a test says so; what is due runs on the test's thread. */
public final class TestClock implements Clock {
    private final PriorityQueue<Planned> planned = new PriorityQueue<>(
            Comparator.comparingLong(Planned::at).thenComparingLong(Planned::number));
    private long nanos = 1_000_000_000L;
    private long wallMillis = 1_800_000_000_000L;
    private long numbers;

    private record Planned(long at, long number, Runnable task) {
    }

    @Override
    public synchronized long wallMillis() {
        return wallMillis;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Cancellable schedule(Duration delay, Runnable task) {
        var plan = new Planned(nanos + delay.toNanos(), numbers++, task);
        planned.add(plan);
        return () -> remove(plan);
    }

    @Override
    public Cancellable every(Duration delay, Runnable task) {
        return schedule(delay, () -> {
            task.run();
            every(delay, task);
        });
    }

    /** Goes on, running what falls due on the way, in order. */
    public void advance(Duration time) {
        long target = nanos() + time.toNanos();
        for (Planned next = due(target); next != null; next = due(target)) {
            next.task().run();
        }
        moveTo(target);
    }

    private synchronized @Nullable Planned due(long target) {
        Planned next = planned.peek();
        if (next == null || next.at() > target) {
            return null;
        }
        planned.poll();
        moveTo(Math.max(nanos, next.at()));
        return next;
    }

    private synchronized void moveTo(long target) {
        wallMillis += (target - nanos) / 1_000_000;
        nanos = target;
    }

    private synchronized void remove(Planned plan) {
        planned.remove(plan);
    }
}
