package io.longwire.sdk.loop;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The loop on a thread of its own. */
public final class ThreadLoop implements Loop {
    private static final Timer DROPPED = () -> {
    };

    private final SdkClock clock;
    private final Thread.UncaughtExceptionHandler bugs;
    private final ScheduledThreadPoolExecutor executor;
    private volatile @Nullable Thread thread;
    private volatile Runnable before = () -> {
    };

    /**
     * Starts the thread with the first task.
     *
     * @param bugs told of what a task threw, on the loop
     */
    public ThreadLoop(String name, SdkClock clock, Thread.UncaughtExceptionHandler bugs) {
        this.clock = clock;
        this.bugs = bugs;
        this.executor = new ScheduledThreadPoolExecutor(1, new DaemonThreads(name));
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(() -> run(task));
        } catch (RejectedExecutionException closed) {
            // The contract: after close tasks are dropped.
            return;
        }
    }

    @Override
    public Timer after(long delayMillis, Runnable task) {
        try {
            Future<?> waiting = executor.schedule(() -> run(task), delayMillis, TimeUnit.MILLISECONDS);
            return () -> waiting.cancel(false);
        } catch (RejectedExecutionException closed) {
            return DROPPED;
        }
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread().equals(thread);
    }

    @Override
    public SdkClock clock() {
        return clock;
    }

    /** Has this run before each task, in place of what was set before. */
    public void beforeEach(Runnable first) {
        before = first;
    }

    /** Drops what waits, lets the running task end, and waits for it at most so long. */
    public void close(long waitMillis) {
        executor.shutdown();
        try {
            if (!inLoop() && !executor.awaitTermination(waitMillis, TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void run(Runnable task) {
        thread = Thread.currentThread();
        guarded(before);
        guarded(task);
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error bug) {
            bugs.uncaughtException(Thread.currentThread(), bug);
        }
    }
}
