package io.longwire.coordinator.callback;

import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Connections that wait for their next request, the latest used first: for 20 s, and not after 5 minutes of life, so
 * that a name that moves is followed. Thread-safe.
 */
final class IdleConnections {
    private static final long IDLE = Duration.ofSeconds(20).toNanos();
    private static final long LIFE = Duration.ofMinutes(5).toNanos();

    private final Clock clock;
    private final Map<Target, Deque<Connection>> idle = new ConcurrentHashMap<>(); // a list only within compute

    IdleConnections(Clock clock) {
        this.clock = clock;
    }

    /** One that lives, as far as known; null if there is none. */
    @Nullable
    Connection take(Target target) {
        var taken = new ArrayDeque<Connection>(1);
        idle.computeIfPresent(target, (same, some) -> {
            while (taken.isEmpty() && !some.isEmpty()) {
                Connection one = some.removeFirst();
                if (over(one)) {
                    one.channel.close();
                } else {
                    taken.add(one);
                }
            }
            return some.isEmpty() ? null : some;
        });
        return taken.poll();
    }

    /** It may have another request. */
    void give(Target target, Connection connection) {
        connection.idleSince = clock.nanos();
        idle.compute(target, (same, some) -> {
            Deque<Connection> list = some == null ? new ArrayDeque<>() : some;
            list.addFirst(connection);
            return list;
        });
    }

    /** Closes those that have waited too long. */
    void sweep() {
        for (Target target : idle.keySet()) {
            idle.computeIfPresent(target, (same, some) -> {
                some.removeIf(one -> {
                    boolean over = over(one);
                    if (over) {
                        one.channel.close();
                    }
                    return over;
                });
                return some.isEmpty() ? null : some;
            });
        }
    }

    private boolean over(Connection one) {
        long now = clock.nanos();
        return !one.channel.isActive() || now - one.idleSince > IDLE || now - one.born > LIFE;
    }
}
