package io.longwire.sdk.loop;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Named threads that do not keep the process alive. */
public final class DaemonThreads implements ThreadFactory {
    private final String name;
    private final AtomicInteger made = new AtomicInteger();

    /** Threads are called {@code name}, {@code name-2}, {@code name-3} and so on. */
    public DaemonThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
        int number = made.incrementAndGet();
        Thread thread = new Thread(task, number == 1 ? name : name + "-" + number); // allowed: API 21 has no builder
        thread.setDaemon(true);
        return thread;
    }
}
