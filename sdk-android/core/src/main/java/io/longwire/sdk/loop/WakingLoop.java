package io.longwire.sdk.loop;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A loop for phones that sleep. The timers of a Java process go by a clock that stands while the processor does, so a
 * ping due in 285 s would be sent hours late. Here the times of all timers stand in one queue, by a clock that counts
 * sleep; the earliest is given to the thread, for a phone that is awake, and to {@link Wakeups}, for one that is not.
 * Whichever comes first runs all that is due.
 *
 * <p>A timer that is taken back leaves the queue at once: nothing is woken for it. One that bounds a wait for the
 * network ({@link #await}) keeps the phone awake until it has run or was taken back.
 */
public final class WakingLoop implements Loop {
    private static final long STALE = -1;
    private static final long AWAKE_MAX_MILLIS = 60_000;
    private static final int SMALLEST = 16;
    private static final Comparator<Waiting> BY_TIME = (one, other) -> {
        int byTime = Long.compare(one.at, other.at);
        return byTime != 0 ? byTime : Long.compare(one.number, other.number);
    };

    private final ThreadLoop thread;
    private final Wakeups wakeups;
    private final PriorityQueue<Waiting> queue = new PriorityQueue<>(SMALLEST, BY_TIME); // loop
    private final AtomicLong numbers = new AtomicLong();
    private @Nullable Timer nearest; // loop
    private long armedAt = Wakeups.NEVER; // loop
    private final List<Waiting> awaited = new ArrayList<>(); // loop; a handful
    private long awakeUntil; // loop; what was told last

    /** A task that waits for its time. */
    private final class Waiting implements Timer, Runnable {
        private final long at;
        private final long number;
        private final Runnable task;
        private final long keepsAwakeUntil; // 0 = it does not
        private volatile boolean over;

        Waiting(long at, long number, Runnable task, long keepsAwakeUntil) {
            this.at = at;
            this.number = number;
            this.task = task;
            this.keepsAwakeUntil = keepsAwakeUntil;
        }

        @Override
        public void cancel() {
            over = true;
            if (inLoop()) {
                forget();
            } else {
                thread.execute(this::forget);
            }
        }

        private void forget() {
            queue.remove(this);
            awaited.remove(this);
            arm();
        }

        /** Enters the queue; on the loop. */
        @Override
        public void run() {
            if (!over) {
                queue.add(this);
                if (keepsAwakeUntil > 0) {
                    awaited.add(this);
                }
                arm();
            }
        }
    }

    /** @param thread does the work, and keeps the time while the phone is awake; whoever made it closes it */
    public WakingLoop(ThreadLoop thread, Wakeups wakeups) {
        this.thread = thread;
        this.wakeups = wakeups;
    }

    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }

    @Override
    public Timer after(long delayMillis, Runnable task) {
        return add(delayMillis, task, 0);
    }

    @Override
    public Timer await(long delayMillis, Runnable task) {
        return add(delayMillis, task, AWAKE_MAX_MILLIS);
    }

    private Timer add(long delayMillis, Runnable task, long awakeMillis) {
        long delay = Math.max(0, delayMillis);
        long now = clock().elapsedMillis();
        Waiting one = new Waiting(delay > Wakeups.NEVER - now ? Wakeups.NEVER : now + delay,
                numbers.getAndIncrement(), task, awakeMillis == 0 ? 0 : now + Math.min(delay, awakeMillis));
        if (inLoop()) {
            one.run();
        } else {
            thread.execute(one);
        }
        return one;
    }

    @Override
    public boolean inLoop() {
        return thread.inLoop();
    }

    @Override
    public SdkClock clock() {
        return thread.clock();
    }

    // Awake before the timer is set, and after: so no alarm is set for what the phone stays awake for.
    private void arm() {
        long until = 0;
        for (Waiting one : awaited) {
            until = Math.max(until, one.keepsAwakeUntil);
        }
        if (until > awakeUntil) {
            stayAwake(until);
        }
        armNearest();
        if (until < awakeUntil) {
            stayAwake(until);
        }
    }

    private void stayAwake(long until) {
        awakeUntil = until;
        wakeups.stayAwake(until);
    }

    private void armNearest() {
        Waiting first = queue.peek();
        long at = first == null ? Wakeups.NEVER : first.at;
        if (at == armedAt) {
            return;
        }
        armedAt = at;
        Timer old = nearest;
        if (old != null) {
            old.cancel();
        }
        nearest = at == Wakeups.NEVER
                ? null
                : thread.after(Math.max(0, at - clock().elapsedMillis()), this::runDue);
        wakeups.wakeAt(at, () -> thread.execute(this::runDue));
    }

    private void runDue() {
        Waiting first = queue.peek();
        if (first == null || first.at > clock().elapsedMillis()) {
            // What woke us is used up, perhaps a little early: everything is set once more.
            armedAt = STALE;
            arm();
            return;
        }
        // One at a time: a task that throws ends this round, and the others go on in the next.
        queue.remove();
        thread.execute(this::runDue);
        try {
            if (!first.over) {
                first.over = true;
                first.task.run(); // awake until it has: what it asks may be awaited as well
            }
        } finally {
            awaited.remove(first);
        }
    }
}
