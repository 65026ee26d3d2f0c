package io.longwire.room.presence;

import io.longwire.coordinator.client.Partitions;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.coordinator.PresenceChunk;
import java.util.ArrayDeque;

import org.jspecify.annotations.Nullable;

/**
 * What waits to be told of one partition, in its order, and the one chunk that is under way. Owned by the feed's
 * thread. At rest 100 bytes.
 */
final class Lane {
    /** Events that wait; above it all are given up for one RESYNC. */
    static final int MOST_WAITING = 2_048;

    private static final int NOTHING = Integer.MAX_VALUE;
    private static final int SLOTS = Slots.COUNT / Partitions.COUNT;

    final int partition;
    final ArrayDeque<PresenceEvent> waiting = new ArrayDeque<>();
    /** Events were given up: the next chunk begins with RESYNC. */
    boolean lost;
    /** The incarnation lives although it was taken for gone. */
    boolean revive;
    @Nullable
    PresenceChunk underWay;
    boolean inFlight;
    long sentNanos;
    long notBeforeNanos;
    /** In a row, of the chunk under way. */
    int failures;
    private long number;
    private int restateFrom = NOTHING;

    Lane(int partition) {
        this.partition = partition;
    }

    /** False = it was one too many, and all of them are lost. */
    boolean add(PresenceEvent event) {
        if (waiting.size() >= MOST_WAITING) {
            lose();
            return false;
        }
        waiting.add(event);
        return true;
    }

    void lose() {
        waiting.clear();
        lost = true;
    }

    long nextNumber() {
        return ++number;
    }

    /** All sessions of the partition are told again, slot by slot. */
    void restate() {
        restateFrom = firstSlot();
    }

    /** The next slot to be told again, if {@link #restating}. */
    int restateNext() {
        return restateFrom++;
    }

    boolean restating() {
        return restateFrom < firstSlot() + SLOTS;
    }

    boolean idle() {
        return underWay == null && waiting.isEmpty() && !lost && !restating();
    }

    private int firstSlot() {
        return partition * SLOTS;
    }
}
