package io.longwire.bench.message;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * The first 24 bytes of a payload of the bench: magic (4), run (4), number of the message in the run (8), time of the
 * send (8), big-endian. The time is the monotonic clock of the machine, which all processes on it share, so that a
 * receiver can tell the latency; an open loop writes when the send was due, not when it got its turn.
 */
public final class Stamp {
    public static final int BYTES = 24;

    private static final int MAGIC = 0x4C574231;
    private static final int RUN_AT = 4;
    private static final int NUMBER_AT = 8;
    private static final int NANOS_AT = 16;

    private Stamp() {
    }

    /** A payload of so many bytes: the stamp, then bytes that do not compress. */
    public static byte[] payload(int size, int run, long number, long nanos) {
        if (size < BYTES) {
            throw new IllegalArgumentException("payload: " + size + " bytes (expected: at least " + BYTES + ")");
        }
        byte[] payload = new byte[size];
        ByteBuffer.wrap(payload).putInt(MAGIC).putInt(run).putLong(number).putLong(nanos);
        var filler = new SplittableRandom(number);
        for (int i = BYTES; i + 8 <= size; i += 8) {
            long bits = filler.nextLong();
            for (int j = 0; j < 8; j++) {
                payload[i + j] = (byte) (bits >>> (8 * j));
            }
        }
        return payload;
    }

    /** Whether a payload of the bench stands there. */
    public static boolean is(ByteBuffer buffer, int at, int length) {
        return length >= BYTES && buffer.getInt(at) == MAGIC;
    }

    public static int run(ByteBuffer buffer, int at) {
        return buffer.getInt(at + RUN_AT);
    }

    public static long number(ByteBuffer buffer, int at) {
        return buffer.getLong(at + NUMBER_AT);
    }

    public static long nanos(ByteBuffer buffer, int at) {
        return buffer.getLong(at + NANOS_AT);
    }
}
