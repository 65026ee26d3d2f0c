package io.longwire.device.id;

import io.longwire.device.id.InvalidIdException.Reason;

/**
 * The bits of a message id: 41 bits of milliseconds since 2026-01-01T00:00Z, 10 bits lease of the minting center,
 * 12 bits counter; the top bit is 0. Ids of later milliseconds are larger, as numbers and as text. The text is 13
 * characters of Crockford's base 32, upper case. Static and without state; ids are minted by center.
 */
public final class MessageId {
    /** Unix milliseconds of 2026-01-01T00:00Z. */
    public static final long EPOCH_MS = 1_767_225_600_000L;
    public static final int TEXT_CHARS = 13;
    public static final int LEASE_MAX = (1 << 10) - 1;
    public static final int COUNTER_MAX = (1 << 12) - 1;
    /** The last unix millisecond an id can carry, in the year 2095. */
    public static final long TIME_MAX_MS = EPOCH_MS + (1L << 41) - 1;

    private static final int LEASE_SHIFT = 12;
    private static final int TIME_SHIFT = 22;

    private MessageId() {
    }

    /** Puts an id together; {@code unixMs} from {@link #EPOCH_MS} to {@link #TIME_MAX_MS}. */
    public static long of(long unixMs, int lease, int counter) {
        if (unixMs < EPOCH_MS || unixMs > TIME_MAX_MS) {
            throw new IllegalArgumentException(
                    "time: " + unixMs + " (expected: unix ms from " + EPOCH_MS + " to " + TIME_MAX_MS + ")");
        }
        if ((lease & ~LEASE_MAX) != 0 || (counter & ~COUNTER_MAX) != 0) {
            throw new IllegalArgumentException("lease, counter: " + lease + ", " + counter + " (expected: 0 to "
                    + LEASE_MAX + ", 0 to " + COUNTER_MAX + ")");
        }
        return ((unixMs - EPOCH_MS) << TIME_SHIFT) | (long) lease << LEASE_SHIFT | counter;
    }

    /** The smallest id of this unix millisecond, for ranges; clamped to what an id can carry. */
    public static long firstOf(long unixMs) {
        return of(Math.max(EPOCH_MS, Math.min(unixMs, TIME_MAX_MS)), 0, 0);
    }

    /** When it was minted, unix ms. */
    public static long timeMs(long id) {
        return EPOCH_MS + (id >>> TIME_SHIFT);
    }

    /** The lease of the center that minted it. */
    public static int lease(long id) {
        return (int) (id >>> LEASE_SHIFT) & LEASE_MAX;
    }

    public static int counter(long id) {
        return (int) id & COUNTER_MAX;
    }

    /** The text of any id with the top bit 0. */
    public static String text(long id) {
        if (id < 0) {
            throw new IllegalArgumentException("message id: " + id + " (expected: 0 or more)");
        }
        char[] out = new char[TEXT_CHARS];
        long rest = id;
        for (int i = TEXT_CHARS - 1; i >= 0; i--) {
            out[i] = Base32.upper(rest);
            rest >>>= Base32.BITS;
        }
        return new String(out);
    }

    /**
     * The id of a text; both cases are read.
     *
     * @throws InvalidIdException it is no text of an id
     */
    public static long parse(String text) {
        if (text.length() != TEXT_CHARS) {
            throw invalid(Reason.SHAPE, text);
        }
        long id = 0;
        for (int i = 0; i < TEXT_CHARS; i++) {
            int value = Base32.value(text.charAt(i));
            if (value < 0 || (i == 0 && value > 7)) {
                throw invalid(Reason.ALPHABET, text);
            }
            id = id << Base32.BITS | value;
        }
        return id;
    }

    private static InvalidIdException invalid(Reason reason, String text) {
        return new InvalidIdException(reason, "message id", text,
                TEXT_CHARS + " characters of Crockford base 32, the first 0 to 7");
    }
}
