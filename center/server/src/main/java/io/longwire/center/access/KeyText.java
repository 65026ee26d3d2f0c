package io.longwire.center.access;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** API keys: {@code lw_} and 43 characters of base 62, 256 random bits. Only their SHA-256 is kept. */
public final class KeyText {
    public static final String PREFIX = "lw_";

    private static final int DIGITS = 43;
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private KeyText() {
    }

    /** A new key. */
    public static String random(SecureRandom random) {
        var text = new StringBuilder(PREFIX);
        for (int i = 0; i < DIGITS; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    /** Whether it could be one: what cannot is never looked up. */
    static boolean hasShape(String text) {
        return text.length() == PREFIX.length() + DIGITS && text.startsWith(PREFIX)
                && text.chars().skip(PREFIX.length()).allMatch(c -> ALPHABET.indexOf(c) >= 0);
    }

    /** What is kept of a key. */
    public static ByteString hash(String text) {
        return ByteString.copyFrom(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A fresh SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: missing (expected: every Java has it)", impossible);
        }
    }
}
