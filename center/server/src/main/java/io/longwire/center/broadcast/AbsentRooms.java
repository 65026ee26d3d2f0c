package io.longwire.center.broadcast;

import io.longwire.keeper.clock.Clock;
import io.longwire.room.client.LiveRoom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rooms whose walks are asked for and that are not among the members: one that this center never saw may be newer than
 * its view, so only after {@link #PATIENCE} it counts as gone; a view without any room says nothing. Thread-safe.
 */
final class AbsentRooms {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST = 10_000;

    private final Clock clock;
    private final Map<Integer, Long> since = new HashMap<>(); // guarded by this, as what follows
    private Set<Integer> live = Set.of();

    AbsentRooms(Clock clock) {
        this.clock = clock;
    }

    /** The rooms as this center sees them now. */
    synchronized void see(List<LiveRoom> rooms) {
        var now = new HashSet<Integer>();
        rooms.forEach(room -> now.add(room.incarnation()));
        live = now;
        since.keySet().removeAll(now);
        if (now.isEmpty()) {
            since.clear();
        }
    }

    /** A room did not answer: whether it has been away for so long that it is gone. */
    synchronized boolean isGone(int room) {
        if (live.isEmpty() || live.contains(room) || (since.size() >= MOST && !since.containsKey(room))) {
            return false;
        }
        return clock.millis() - since.computeIfAbsent(room, first -> clock.millis()) >= PATIENCE.toMillis();
    }
}
