package io.longwire.device.credential;

import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA256 under one key. Any thread, without locks: up to 16 initialised {@link Mac}s wait for re-use, so a tag
 * in steady state allocates its 32 bytes alone.
 */
public final class HmacSha256 {
    /** Bytes of a tag. */
    public static final int TAG_BYTES = 32;
    /** Shortest key taken. */
    public static final int KEY_BYTES_MIN = 16;

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final AtomicReferenceArray<Mac> idle = new AtomicReferenceArray<>(16);

    /** The key is copied. */
    public HmacSha256(byte[] key) {
        if (key.length < KEY_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "key: " + key.length + " bytes (expected: at least " + KEY_BYTES_MIN + ")");
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** The tag of {@code length} bytes of {@code data} from {@code from}. */
    public byte[] tag(byte[] data, int from, int length) {
        Mac mac = take();
        mac.update(data, from, length);
        byte[] tag = mac.doFinal();
        giveBack(mac);
        return tag;
    }

    /** Whether {@code given} holds {@code tag} at {@code at}, in a time that does not tell where they differ. */
    public static boolean matches(byte[] tag, byte[] given, int at) {
        int difference = given.length - at < tag.length ? 1 : 0;
        for (int i = 0; i < tag.length && at + i < given.length; i++) {
            difference |= tag[i] ^ given[at + i];
        }
        return difference == 0;
    }

    private Mac take() {
        for (int i = 0; i < idle.length(); i++) {
            Mac mac = idle.getAndSet(i, null);
            if (mac != null) {
                return mac;
            }
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + ": missing (expected: in every Java and Android)", e);
        }
    }

    private void giveBack(Mac mac) {
        for (int i = 0; i < idle.length(); i++) {
            if (idle.compareAndSet(i, null, mac)) {
                return;
            }
        }
    }
}
