package io.longwire.room.uplink;

import io.longwire.device.Limits;

/** The uplinks of one connection that have no answer yet; exists only while there are any. Owner: the loop. */
final class UnderWay {
    private final long[] reqIds = new long[Limits.UPLINKS_CONNECTION];
    private final int[] sizes = new int[Limits.UPLINKS_CONNECTION];
    private int count;
    private int bytes;

    boolean has(long reqId) {
        for (int i = 0; i < count; i++) {
            if (reqIds[i] == reqId) {
                return true;
            }
        }
        return false;
    }

    boolean hasRoomFor(int size) {
        return count < Limits.UPLINKS_CONNECTION && bytes + size <= Limits.UPLINKS_CONNECTION_BYTES;
    }

    void add(long reqId, int size) {
        reqIds[count] = reqId;
        sizes[count++] = size;
        bytes += size;
    }

    void remove(long reqId) {
        for (int i = 0; i < count; i++) {
            if (reqIds[i] == reqId) {
                bytes -= sizes[i];
                reqIds[i] = reqIds[--count];
                sizes[i] = sizes[count];
                return;
            }
        }
    }

    boolean isEmpty() { return count == 0; }
}
