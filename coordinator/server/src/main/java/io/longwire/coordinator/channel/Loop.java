package io.longwire.coordinator.channel;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that owns channels and their takers. Nothing on it blocks. What comes after its end is dropped. */
public final class Loop implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final ExecutorService thread;
    private volatile long id = -1;

    public Loop() {
        this.thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("channels").factory());
        thread.execute(() -> id = Thread.currentThread().threadId());
    }

    @Override
    public void execute(Runnable task) {
        try {
            thread.execute(() -> run(task));
        } catch (RejectedExecutionException ended) {
            LOG.debug("after the end of the loop", ended);
        }
    }

    /** Throws when another thread calls; for assertions. */
    boolean here() {
        return Thread.currentThread().threadId() == id;
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException bug) {
            LOG.error("a task of the channels failed, the others go on", bug);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
