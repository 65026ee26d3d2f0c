package io.longwire.saver.list;

import com.google.protobuf.ByteString;
import io.longwire.keeper.cluster.Slots;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * Endpoints in the order (slot, endpoint), both ascending as the ledger has them. A key is an endpoint turned so that
 * the natural order of keys is that order: its slot, which is in its lowest bits, stands in the highest ones.
 */
final class SlotOrder {
    /** A range is the slots that share {@code slot >>> 6}. */
    static final int RANGES = 64;
    static final int BYTES = Long.BYTES;
    private static final int SLOT_BITS = Integer.numberOfTrailingZeros(Slots.COUNT);
    private static final int RANGE_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(RANGES);

    private SlotOrder() {
    }

    static long key(long endpoint) {
        return Long.rotateRight(endpoint ^ Long.MIN_VALUE, SLOT_BITS) ^ Long.MIN_VALUE;
    }

    static long endpoint(long key) {
        return Long.rotateLeft(key ^ Long.MIN_VALUE, SLOT_BITS) ^ Long.MIN_VALUE;
    }

    static int rangeOf(long key) {
        return (int) ((key ^ Long.MIN_VALUE) >>> RANGE_SHIFT);
    }

    /** The keys of endpoints as they are stored and sent, put at a place; answers the place behind them. */
    static int keys(byte[] endpoints, long[] to, int at) {
        LongBuffer ids = ByteBuffer.wrap(endpoints).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        int next = at;
        while (ids.hasRemaining()) {
            to[next++] = key(ids.get());
        }
        return next;
    }

    /** Sorts the first ones and keeps each once, in front; answers how many these are. */
    static int sortOnce(long[] keys, int count) {
        Arrays.sort(keys, 0, count);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (kept == 0 || keys[i] != keys[kept - 1]) {
                keys[kept++] = keys[i];
            }
        }
        return kept;
    }

    /** The endpoints of these keys, as they are stored and sent. */
    static byte[] bytes(long[] keys, int from, int to) {
        var bytes = new byte[(to - from) * BYTES];
        LongBuffer ids = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        for (int i = from; i < to; i++) {
            ids.put(endpoint(keys[i]));
        }
        return bytes;
    }

    /** The endpoints of a part laid out by range: one array each, sorted, each endpoint once. */
    static byte[][] pieces(ByteString endpoints) {
        var keys = new long[endpoints.size() / BYTES];
        int count = sortOnce(keys, keys(endpoints.toByteArray(), keys, 0));
        var pieces = new byte[RANGES][];
        int from = 0;
        for (int range = 0; range < RANGES; range++) {
            int to = from;
            while (to < count && rangeOf(keys[to]) == range) {
                to++;
            }
            pieces[range] = bytes(keys, from, to);
            from = to;
        }
        return pieces;
    }
}
