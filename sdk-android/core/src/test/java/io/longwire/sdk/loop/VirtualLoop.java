package io.longwire.sdk.loop;

import java.util.Comparator;
import java.util.PriorityQueue;

/** A loop on virtual time: tasks run when a test advances it, in the order they are due. */
public final class VirtualLoop implements Loop, SdkClock {
    private static final long WALL = 1_780_000_000_000L;

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(
            Comparator.comparingLong((Task one) -> one.at).thenComparingLong(one -> one.number));
    private long now;
    private long numbers;
    private long wallAhead;
    private Runnable before = () -> {
    };

    private static final class Task implements Timer {
        private final long at;
        private final long number;
        private final Runnable run;
        private final boolean awaited;
        private boolean cancelled;

        Task(long at, long number, Runnable run, boolean awaited) {
            this.at = at;
            this.number = number;
            this.run = run;
            this.awaited = awaited;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    @Override
    public void execute(Runnable task) {
        after(0, task);
    }

    @Override
    public Timer after(long delayMillis, Runnable task) {
        return add(delayMillis, task, false);
    }

    @Override
    public Timer await(long delayMillis, Runnable task) {
        return add(delayMillis, task, true);
    }

    private Timer add(long delayMillis, Runnable task, boolean awaited) {
        Task one = new Task(now + Math.max(0, delayMillis), numbers++, task, awaited);
        tasks.add(one);
        return one;
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public SdkClock clock() {
        return this;
    }

    @Override
    public long elapsedMillis() {
        return now;
    }

    @Override
    public long wallMillis() {
        return WALL + wallAhead + now;
    }

    /** Somebody sets the phone's clock. */
    public void setWall(long unixMillis) { wallAhead = unixMillis - WALL - now; }

    /** Runs this before each task. */
    public void beforeEach(Runnable first) {
        before = first;
    }

    /** The process stands still for so long: time passes, and what falls due waits for the next {@link #advance}. */
    public void freeze(long millis) {
        now += millis;
    }

    /** Tasks that wait. */
    public int waiting() {
        int waiting = 0;
        for (Task task : tasks) {
            waiting += task.cancelled ? 0 : 1;
        }
        return waiting;
    }

    /** Of them, those that keep the phone awake. */
    public int awaited() {
        int awaited = 0;
        for (Task task : tasks) {
            awaited += task.awaited && !task.cancelled ? 1 : 0;
        }
        return awaited;
    }

    /** Runs all that is due within so many milliseconds. */
    public void advance(long millis) {
        long until = now + millis;
        while (!tasks.isEmpty() && tasks.element().at <= until) {
            Task next = tasks.remove();
            now = Math.max(now, next.at);
            if (!next.cancelled) {
                before.run();
                next.run.run();
            }
        }
        now = until;
    }
}
