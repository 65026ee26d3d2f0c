package io.longwire.device.id;

import io.longwire.device.credential.HmacSha256;
import io.longwire.device.id.InvalidIdException.Reason;

/**
 * The text of endpoint ids: {@code ep_} and 20 characters of Crockford's base 32, lower case: the id (64 bits),
 * then a 32-bit tag, the first bytes of HMAC-SHA256(key, app | id), then four 0 bits. Who holds the key tells a
 * foreign or invented id from one given to this app, without a look-up. One instance per key; any thread.
 */
public final class EndpointId {
    public static final String PREFIX = "ep_";
    public static final int TEXT_CHARS = 23;
    /** How many slots there are. */
    public static final int SLOTS = 4096;

    private static final int DIGITS = 20;

    private final HmacSha256 key;

    /**
     * The key of the platform for endpoint texts, at least 16 bytes; it is never rotated, as products store the
     * texts.
     */
    public EndpointId(byte[] key) {
        this.key = new HmacSha256(key);
    }

    /** The slot an endpoint lives in: 0 to 4095. */
    public static int slot(long endpointId) {
        return (int) endpointId & (SLOTS - 1);
    }

    /** The text that this app knows the endpoint by. */
    public String text(int appId, long endpointId) {
        // 100 bits: high 50 = id's upper 50; low 50 = id's lower 14, tag, four 0 bits.
        long tag = tag(appId, endpointId) & 0xFFFFFFFFL;
        long high = endpointId >>> 14;
        long low = (endpointId & 0x3FFF) << 36 | tag << 4;
        char[] out = new char[TEXT_CHARS];
        PREFIX.getChars(0, PREFIX.length(), out, 0);
        for (int i = DIGITS / 2 - 1; i >= 0; i--) {
            out[PREFIX.length() + i] = Base32.lower(high);
            out[PREFIX.length() + DIGITS / 2 + i] = Base32.lower(low);
            high >>>= Base32.BITS;
            low >>>= Base32.BITS;
        }
        return new String(out);
    }

    /**
     * The endpoint that this app means by this text; both cases are read after the prefix.
     *
     * @throws InvalidIdException it is no such text, or was never given to this app
     */
    public long parse(int appId, String text) {
        if (text.length() != TEXT_CHARS || !text.startsWith(PREFIX)) {
            throw invalid(Reason.SHAPE, text, PREFIX + " and " + DIGITS + " characters");
        }
        long high = digits(text, PREFIX.length());
        long low = digits(text, PREFIX.length() + DIGITS / 2);
        if ((low & 0xF) != 0) {
            throw invalid(Reason.ALPHABET, text, "the last four bits 0");
        }
        long endpointId = high << 14 | low >>> 36;
        if ((int) (low >>> 4) != tag(appId, endpointId)) {
            throw invalid(Reason.TAG, text, "an endpoint of this app");
        }
        return endpointId;
    }

    /** Whether it could be an endpoint of some app: what is not is one of none, whoever holds the key. */
    public static boolean hasShape(String text) {
        if (text.length() != TEXT_CHARS || !text.startsWith(PREFIX)) {
            return false;
        }
        for (int i = PREFIX.length(); i < TEXT_CHARS; i++) {
            if (Base32.value(text.charAt(i)) < 0) {
                return false;
            }
        }
        return (Base32.value(text.charAt(TEXT_CHARS - 1)) & 0xF) == 0;
    }

    private int tag(int appId, long endpointId) {
        byte[] data = new byte[12];
        for (int i = 0; i < 4; i++) {
            data[i] = (byte) (appId >>> (24 - 8 * i));
        }
        for (int i = 0; i < 8; i++) {
            data[4 + i] = (byte) (endpointId >>> (56 - 8 * i));
        }
        byte[] tag = key.tag(data, 0, data.length);
        return tag[0] << 24 | (tag[1] & 0xFF) << 16 | (tag[2] & 0xFF) << 8 | (tag[3] & 0xFF);
    }

    private static long digits(String text, int from) {
        long value = 0;
        for (int i = from; i < from + DIGITS / 2; i++) {
            int digit = Base32.value(text.charAt(i));
            if (digit < 0) {
                throw invalid(Reason.ALPHABET, text, "Crockford base 32");
            }
            value = value << Base32.BITS | digit;
        }
        return value;
    }

    private static InvalidIdException invalid(Reason reason, String text, String rule) {
        return new InvalidIdException(reason, "endpoint", text, rule);
    }
}
