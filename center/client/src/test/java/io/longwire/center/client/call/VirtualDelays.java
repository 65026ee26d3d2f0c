package io.longwire.center.client.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that passes when the test says so; used by one thread. */
final class VirtualDelays implements Delays {
    private record Due(long atNanos, Runnable task) {
    }

    private final List<Due> waiting = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private long now;

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public void after(Duration pause, Runnable task) {
        pauses.add(pause);
        waiting.add(new Due(now + pause.toNanos(), task));
    }

    /** Lets time pass until nothing waits any more. */
    void runAll() {
        while (!waiting.isEmpty()) {
            Due next = waiting.stream().min(Comparator.comparingLong(Due::atNanos)).orElseThrow();
            waiting.remove(next);
            now = Math.max(now, next.atNanos());
            next.task().run();
        }
    }

    Duration passed() {
        return Duration.ofNanos(now);
    }

    List<Duration> pauses() {
        return pauses;
    }

    @Override
    public void close() {
        List.copyOf(waiting).forEach(due -> due.task().run());
    }
}
