package io.longwire.device.credential;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys in force, by key id: one signs, all verify. To rotate: add the new one everywhere, make it current at
 * the issuers, drop the old one when its last credential has expired. Immutable.
 */
public final class CredentialKeys {
    private final int current;
    private final Map<Integer, HmacSha256> keys;

    private CredentialKeys(int current, Map<Integer, HmacSha256> keys) {
        this.current = current;
        this.keys = keys;
    }

    /** {@code keys} are copied; {@code current} must be among them; each key has at least 16 bytes. */
    public static CredentialKeys of(int current, Map<Integer, byte[]> keys) {
        Map<Integer, HmacSha256> macs = new HashMap<>();
        for (Map.Entry<Integer, byte[]> key : keys.entrySet()) {
            macs.put(key.getKey(), new HmacSha256(key.getValue()));
        }
        if (!macs.containsKey(current)) {
            throw new IllegalArgumentException("current key: " + current + " (expected: one of " + macs.keySet() + ")");
        }
        return new CredentialKeys(current, macs);
    }

    /** One key alone, current. */
    public static CredentialKeys single(int keyId, byte[] key) {
        Map<Integer, byte[]> keys = new HashMap<>();
        keys.put(keyId, key);
        return of(keyId, keys);
    }

    /** The key id that new credentials carry. */
    public int current() {
        return current;
    }

    @Nullable
    HmacSha256 key(int keyId) {
        return keys.get(keyId);
    }
}
