package io.longwire.coordinator.presence;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rooms as this process sees them, and which it saw leave. Its sight may be late: a room that has told something
 * may not be in it yet. About 50 bytes for each incarnation seen. Thread-safe, never blocks.
 */
public final class RoomSight implements AutoCloseable {
    private static final String PART = "room";

    private final Cluster cluster;
    private final Set<Integer> seen = ConcurrentHashMap.newKeySet();
    private final Cluster.Subscription rooms;

    public RoomSight(Cluster cluster) {
        this.cluster = cluster;
        this.rooms = cluster.onMembers(PART, now -> now.list().forEach(room -> seen.add(room.index())));
    }

    /** The incarnations that live now. */
    List<Integer> live() {
        return cluster.members(PART).list().stream().map(Member::index).toList();
    }

    /** Cut off from ZooKeeper: others may know of rooms that this process does not. */
    boolean blind() {
        return cluster.fenced();
    }

    /** Whether the incarnation is or was in sight; false = who knows whether it lives. */
    boolean saw(int via) {
        return seen.contains(via) || cluster.members(PART).byIndex(via).isPresent();
    }

    @Override
    public void close() {
        rooms.cancel();
    }
}
