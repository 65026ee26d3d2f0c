package io.longwire.saver.client;

/**
 * The layout of a message id: 41 bits of milliseconds since 2026-01-01 UTC, 10 bits of the minting center's lease, 12
 * bits of a counter. Ids grow with time, so ranges of ids are ranges of time.
 */
public final class MessageId {
    /** 2026-01-01T00:00:00Z. */
    public static final long EPOCH_MILLIS = 1_767_225_600_000L;
    /** The most a lease of a minting center can be. */
    public static final int MAX_LEASE = 1023;
    /** The most a counter can be. */
    public static final int MAX_COUNTER = 4095;

    private static final int TIME_SHIFT = 22;
    private static final long MAX_TIME = (1L << 41) - 1;
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int TEXT_LENGTH = 13;

    private MessageId() {
    }

    /** The id minted at this time, with this lease and counter; each within its bits. */
    public static long of(long wallMillis, int lease, int counter) {
        long since = wallMillis - EPOCH_MILLIS;
        if (since < 0 || since > MAX_TIME) {
            throw new IllegalArgumentException("wallMillis: " + wallMillis + " (expected: 2026 to 2095)");
        }
        return since << TIME_SHIFT | (long) (lease & MAX_LEASE) << 12 | (counter & MAX_COUNTER);
    }

    /** The lowest id that can be minted at or after this time; 0 before 2026. */
    public static long firstAt(long wallMillis) {
        return Math.clamp(wallMillis - EPOCH_MILLIS, 0, MAX_TIME) << TIME_SHIFT;
    }

    /** When the id was minted, by its center's clock. */
    public static long millis(long messageId) {
        return (messageId >>> TIME_SHIFT) + EPOCH_MILLIS;
    }

    /** 13 characters of Crockford's base32. */
    public static String text(long messageId) {
        var text = new char[TEXT_LENGTH];
        for (int i = 0; i < TEXT_LENGTH; i++) {
            text[TEXT_LENGTH - 1 - i] = DIGITS.charAt((int) (messageId >>> (5 * i)) & 31);
        }
        return new String(text);
    }

    /** The id of its text, in either case; -1 if it is none. */
    public static long parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            return -1;
        }
        long id = 0;
        for (int i = 0; i < TEXT_LENGTH; i++) {
            int digit = digit(text.charAt(i));
            if (digit < 0 || (i == 0 && digit > 7)) {
                return -1;
            }
            id = id << 5 | digit;
        }
        return id;
    }

    private static int digit(char written) {
        char upper = written >= 'a' && written <= 'z' ? (char) (written - 32) : written;
        return switch (upper) {
            case 'O' -> 0;
            case 'I', 'L' -> 1;
            default -> DIGITS.indexOf(upper);
        };
    }
}
