package io.longwire.keeper.cluster;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two threads of a cluster: one tells the listeners and never waits for ZooKeeper, one does what may wait for it.
 */
final class ClusterThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ExecutorService events;
    private final ExecutorService work;
    private volatile @Nullable Thread eventThread;

    /** What may fail for a moment; it is logged in one line and tried again by whoever planned it. */
    interface Work {
        void run() throws Exception;
    }

    ClusterThreads(String part) {
        events = Executors.newSingleThreadExecutor(task -> {
            Thread thread = Thread.ofPlatform().daemon().name(part + "-cluster").unstarted(task);
            eventThread = thread;
            return thread;
        });
        work = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(part + "-zookeeper").factory());
    }

    /** On the listeners' thread, later. */
    void event(Runnable task) {
        try {
            events.execute(task);
        } catch (RejectedExecutionException closed) {
            LOG.debug("an event after the end");
        }
    }

    /** On the listeners' thread, and waits until it is done, unless this is that thread already. */
    void eventNow(Runnable task) {
        if (isEventThread()) {
            task.run();
            return;
        }
        try {
            events.submit(task).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException | ExecutionException | TimeoutException busy) {
            LOG.warn("a listener was not told at once", busy);
        }
    }

    private boolean isEventThread() {
        Thread known = eventThread;
        return known != null && known.equals(Thread.currentThread());
    }

    /** On the thread that may wait for ZooKeeper. */
    void work(String what, Work task) {
        try {
            work.execute(() -> {
                try {
                    task.run();
                } catch (InterruptedException ending) {
                    Thread.currentThread().interrupt();
                } catch (Exception failure) {
                    LOG.warn("{}: {}", what, failure.toString());
                }
            });
        } catch (RejectedExecutionException closed) {
            LOG.debug("{}: after the end", what);
        }
    }

    /** As {@link #work}, waiting for it so long at most. */
    void workNow(String what, Work task, Duration atMost) {
        try {
            work.submit(() -> {
                task.run();
                return true;
            }).get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException | ExecutionException | TimeoutException failure) {
            LOG.warn("{}: {}", what, failure.toString());
        }
    }

    @Override
    public void close() {
        work.shutdownNow();
        events.shutdown();
    }
}
