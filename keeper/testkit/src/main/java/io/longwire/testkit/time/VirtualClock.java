package io.longwire.testkit.time;

import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until {@link #advance} moves it. What falls due runs on the advancing thread, in the order
 * of its time (of its scheduling, where times are equal), each task seeing the clock at the moment it was due. The wall
 * clock moves along and can be set or made to jump without touching anything scheduled. Thread-safe; one thread
 * advances at a time, the others wait.
 */
public final class VirtualClock implements Clock {
    /** Where the wall clock stands at first: after the platform's epoch, so that message ids can be minted. */
    public static final Instant START = Instant.parse("2026-06-01T00:00:00Z");

    private static final Comparator<Task> BY_TIME = Comparator.<Task>comparingLong(task -> task.due)
            .thenComparingLong(task -> task.order);

    private final Object state = new Object();
    private final Object turn = new Object();
    private final PriorityQueue<Task> tasks = new PriorityQueue<>(BY_TIME);
    private long nanos = 1_000_000_000_000L;
    private long wallMillisAhead = START.toEpochMilli() - nanos / 1_000_000;
    private long order;

    private final class Task implements Cancellable {
        private final Runnable work;
        private final long everyNanos;
        private long due;
        private long order;
        private boolean cancelled;

        private Task(Runnable work, long everyNanos) {
            this.work = work;
            this.everyNanos = everyNanos;
        }

        @Override
        public void cancel() {
            synchronized (state) {
                cancelled = true;
                tasks.remove(this);
            }
        }
    }

    @Override
    public long wallMillis() {
        synchronized (state) {
            return nanos / 1_000_000 + wallMillisAhead;
        }
    }

    @Override
    public long nanos() {
        synchronized (state) {
            return nanos;
        }
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        return add(new Task(task, -1), delay.toNanos());
    }

    @Override
    public Cancellable every(Duration delay, Runnable task) {
        if (delay.isZero() || delay.isNegative()) {
            throw new IllegalArgumentException("delay: " + delay + " (expected: above zero)");
        }
        return add(new Task(task, delay.toNanos()), delay.toNanos());
    }

    private Task add(Task task, long delayNanos) {
        synchronized (state) {
            if (!task.cancelled) {
                task.due = nanos + Math.max(0, delayNanos);
                task.order = order++;
                tasks.add(task);
            }
            return task;
        }
    }

    /**
     * Moves time forward and runs what falls due on the way, what that schedules within the span included. A task that
     * throws does not keep the others from running; the first such exception is thrown at the end.
     */
    public void advance(Duration span) {
        if (span.isNegative()) {
            throw new IllegalArgumentException("span: " + span + " (expected: not negative; the wall clock can jump)");
        }
        if (Thread.holdsLock(turn)) {
            throw new IllegalStateException("advance: called by a task (expected: by the test)");
        }
        synchronized (turn) {
            advanceTo(nanos() + span.toNanos());
        }
    }

    private void advanceTo(long end) {
        RuntimeException first = null;
        for (var task = next(end); task != null; task = next(end)) {
            try {
                task.work.run();
            } catch (RuntimeException failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
            if (task.everyNanos > 0) {
                add(task, task.everyNanos);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** Takes the next task that is due and moves the clock to its time; none left: moves it to the end. */
    private @Nullable Task next(long end) {
        synchronized (state) {
            var task = tasks.peek();
            if (task == null || task.due > end) {
                nanos = end;
                return null;
            }
            nanos = Math.max(nanos, task.due);
            return tasks.poll();
        }
    }

    /** Runs what is due now, without moving time. */
    public void runDue() {
        advance(Duration.ZERO);
    }

    /** Moves the wall clock alone, backwards too. */
    public void jumpWall(Duration by) {
        synchronized (state) {
            wallMillisAhead += by.toMillis();
        }
    }

    /** Sets the wall clock alone. */
    public void setWall(Instant now) {
        synchronized (state) {
            wallMillisAhead = now.toEpochMilli() - nanos / 1_000_000;
        }
    }

    /** How many tasks wait: what a test asks to see that nothing was left scheduled. */
    public int scheduled() {
        synchronized (state) {
            return tasks.size();
        }
    }
}
