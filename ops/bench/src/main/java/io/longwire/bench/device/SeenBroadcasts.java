package io.longwire.bench.device;

import com.google.protobuf.ByteString;
import io.longwire.device.BroadcastSeen;
import java.util.Arrays;

/**
 * Which broadcasts one endpoint has, as an SDK remembers it: a floor and the few sequences above it; beside them those
 * it owes an ack for. Some ten bytes a broadcast. Owned by the device's loop.
 */
final class SeenBroadcasts {
    private static final long[] NONE = {};

    private long floor;
    private long[] above = NONE;
    private int count;
    private long[] owed = NONE;
    private int owing;

    /** A broadcast came; false when it had come before, or is said to by the floor. Its ack is owed in either case. */
    boolean add(long sequence) {
        owed = with(owed, owing++, sequence);
        if (sequence <= floor || contains(sequence)) {
            return false;
        }
        above = with(above, count++, sequence);
        return true;
    }

    private boolean contains(long sequence) {
        for (int i = 0; i < count; i++) {
            if (above[i] == sequence) {
                return true;
            }
        }
        return false;
    }

    private static long[] with(long[] all, int at, long one) {
        long[] room = at < all.length ? all : Arrays.copyOf(all, Math.max(2, 2 * at));
        room[at] = one;
        return room;
    }

    /** The room says that everything at or below is over: it is forgotten. A lower floor changes nothing. */
    void floor(long said) {
        if (said <= floor) {
            return;
        }
        floor = said;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (above[i] > said) {
                above[kept++] = above[i];
            }
        }
        count = kept;
    }

    /** As the binding carries it; empty while there is no state. */
    ByteString encode() {
        return floor == 0 && count == 0
                ? ByteString.EMPTY
                : BroadcastSeen.of(floor, Arrays.copyOf(above, count)).encode();
    }

    /** Acks that are owed. */
    int owing() {
        return owing;
    }

    /** One of them. */
    long owed(int index) {
        return owed[index];
    }

    /** They were sent, or their connection is over. */
    void settle() {
        owing = 0;
    }
}
