package io.longwire.center.client.call;

import io.grpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The real time, with one daemon thread for all pauses of a client. */
final class TimerThread implements Delays {
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread made = Executors.defaultThreadFactory().newThread(task);
        made.setName("longwire-client-timer");
        made.setDaemon(true);
        return made;
    });
    private final Set<Once> waiting = ConcurrentHashMap.newKeySet();

    @Override
    public long nanos() {
        return Deadline.getSystemTicker().nanoTime();
    }

    @Override
    public void after(Duration pause, Runnable task) {
        var once = new Once(task, new AtomicBoolean());
        waiting.add(once);
        try {
            thread.schedule(() -> run(once), pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            run(once);
        }
    }

    private void run(Once once) {
        waiting.remove(once);
        if (once.ran.compareAndSet(false, true)) {
            once.task.run();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        List.copyOf(waiting).forEach(this::run);
    }

    private record Once(Runnable task, AtomicBoolean ran) {
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
