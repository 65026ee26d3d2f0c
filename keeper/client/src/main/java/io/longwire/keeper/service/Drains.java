package io.longwire.keeper.service;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is to be done before anything closes, newest first, within one time for all. Thread-safe. */
final class Drains {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    private final Deque<Runnable> drains = new ArrayDeque<>(); // guarded by this

    synchronized void add(Runnable drain) {
        drains.push(drain);
    }

    void run(Duration atMost) {
        var task = new FutureTask<Void>(this::all, null);
        Thread thread = Thread.ofVirtual().name("drain").start(task);
        try {
            task.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            LOG.warn("the drain was cut off after {} ms", atMost.toMillis());
            thread.interrupt();
        } catch (ExecutionException failed) {
            LOG.warn("the drain failed", failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void all() {
        for (Runnable drain : newestFirst()) {
            try {
                drain.run();
            } catch (RuntimeException failure) {
                LOG.warn("a drain failed", failure);
            }
        }
    }

    private synchronized Runnable[] newestFirst() {
        return drains.toArray(Runnable[]::new);
    }
}
