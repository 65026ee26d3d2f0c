package io.longwire.device;

import com.google.protobuf.ByteString;
import java.util.Arrays;

/**
 * Which broadcasts an endpoint has received: a floor, below or at which everything counts as received, and single
 * sequences above it, at most {@link Limits#BROADCASTS_SEEN}, rising. As bytes: varint floor, then one varint per
 * sequence, its distance to the one before (the first to the floor), never 0. No bytes = no state: the room sets
 * the floor to now. Immutable.
 */
public final class BroadcastSeen {
    private final long floor;
    private final long[] sequences;

    private BroadcastSeen(long floor, long[] sequences) {
        this.floor = floor;
        this.sequences = sequences;
    }

    /**
     * Sorts, drops doubles and what the floor covers, and beyond the limit forgets the oldest, which the room sends
     * again.
     */
    public static BroadcastSeen of(long floor, long... received) {
        if (floor < 0) {
            throw new IllegalArgumentException("floor: " + floor + " (expected: 0 or more)");
        }
        long[] sorted = received.clone();
        Arrays.sort(sorted);
        int count = 0;
        for (long sequence : sorted) {
            if (sequence > (count == 0 ? floor : sorted[count - 1])) {
                sorted[count++] = sequence;
            }
        }
        return new BroadcastSeen(floor, Arrays.copyOfRange(sorted, Math.max(0, count - Limits.BROADCASTS_SEEN), count));
    }

    /**
     * Reads what {@link #encode()} wrote. The bytes must not be empty: that means "no state" and is the caller's
     * case.
     *
     * @throws ProtocolError the bytes follow no such rule
     */
    public static BroadcastSeen decode(ByteString bytes) throws ProtocolError {
        long[] values = new long[Limits.BROADCASTS_SEEN + 1];
        int count = 0;
        long sum = 0;
        int at = 0;
        while (at < bytes.size()) {
            long delta = 0;
            int shift = 0;
            byte b;
            do {
                if (at == bytes.size() || shift > 56) {
                    throw broken("a number that does not end");
                }
                b = bytes.byteAt(at++);
                delta |= (long) (b & 0x7F) << shift;
                shift += 7;
            } while (b < 0);
            sum += delta;
            if (count > Limits.BROADCASTS_SEEN || sum < 0 || (count > 0 && delta == 0)) {
                throw broken(count > Limits.BROADCASTS_SEEN ? "more sequences" : "sequences that do not rise");
            }
            values[count++] = sum;
        }
        if (count == 0) {
            throw broken("no bytes");
        }
        return new BroadcastSeen(values[0], Arrays.copyOfRange(values, 1, count));
    }

    /** The bytes for the binding. */
    public ByteString encode() {
        int size = Varint.size(floor);
        long last = floor;
        for (long sequence : sequences) {
            size += Varint.size(sequence - last);
            last = sequence;
        }
        byte[] out = new byte[size];
        int at = Varint.write(floor, out, 0);
        last = floor;
        for (long sequence : sequences) {
            at = Varint.write(sequence - last, out, at);
            last = sequence;
        }
        return ByteString.copyFrom(out);
    }

    /** Everything at or below counts as received. */
    public long floor() {
        return floor;
    }

    /** The sequences above the floor, rising; a copy. */
    public long[] sequences() {
        return sequences.clone();
    }

    /** Whether this broadcast needs no delivery. */
    public boolean contains(long sequence) {
        return sequence <= floor || Arrays.binarySearch(sequences, sequence) >= 0;
    }

    private static ProtocolError broken(String what) {
        return new ProtocolError(Code.PROTOCOL, "bcast_seen: " + what + " (expected: floor and at most "
                + Limits.BROADCASTS_SEEN + " rising sequences)");
    }
}
