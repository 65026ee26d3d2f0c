package io.longwire.device.id;

import io.longwire.device.id.InvalidIdException.Reason;

/**
 * The public key of an app, which its SDK shows the dispatcher: {@code ak_7_} and 32 hex digits. It tells which app
 * an install belongs to; it proves nothing else, as every copy of the app contains it. Immutable.
 */
public final class AppKey {
    public static final String PREFIX = "ak_";
    /** Random bytes of a key. */
    public static final int BYTES = 16;

    private static final String RULE = "ak_, the app's number, _ and 32 hex digits";

    private final int appId;
    private final byte[] secret;

    private AppKey(int appId, byte[] secret) {
        this.appId = appId;
        this.secret = secret;
    }

    /** The key of an app, from its random bytes. */
    public static AppKey of(int appId, byte[] random) {
        if (random.length != BYTES) {
            throw new IllegalArgumentException("app key: " + random.length + " bytes (expected: " + BYTES + ")");
        }
        return new AppKey(appId, random.clone());
    }

    /**
     * Reads the text form.
     *
     * @throws InvalidIdException it is no such text
     */
    public static AppKey parse(String text) {
        int middle = text.indexOf('_', PREFIX.length());
        if (!text.startsWith(PREFIX) || middle < 0 || text.length() != middle + 1 + 2 * BYTES) {
            throw new InvalidIdException(Reason.SHAPE, "app_key", text, RULE);
        }
        byte[] secret = new byte[BYTES];
        try {
            long appId = Long.parseLong(text.substring(PREFIX.length(), middle));
            if (appId < 0 || appId > 0xFFFFFFFFL) {
                throw new NumberFormatException(text);
            }
            for (int i = 0; i < BYTES; i++) {
                secret[i] = (byte) (hex(text, middle + 1 + 2 * i) << 4 | hex(text, middle + 2 + 2 * i));
            }
            return new AppKey((int) appId, secret);
        } catch (NumberFormatException notOurs) {
            throw new InvalidIdException(Reason.ALPHABET, "app_key", text, RULE);
        }
    }

    private static int hex(String text, int at) {
        int digit = Character.digit(text.charAt(at), 16);
        if (digit < 0) {
            throw new NumberFormatException(text);
        }
        return digit;
    }

    public int appId() {
        return appId;
    }

    /** The random bytes, a copy. */
    public byte[] secret() {
        return secret.clone();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(PREFIX).append(appId & 0xFFFFFFFFL).append('_');
        for (byte b : secret) {
            text.append(Character.forDigit(b >> 4 & 0xF, 16)).append(Character.forDigit(b & 0xF, 16));
        }
        return text.toString();
    }
}
