package io.longwire.device.credential;

import org.jspecify.annotations.Nullable;

/**
 * What a credential says: this key vouches, from {@code issuedAt} to {@code expiresAt} (unix seconds), for this
 * endpoint of this app, whose dense number inside the app is {@code ord}. Immutable.
 *
 * <p>29 bytes, big-endian: version 1 (1) | key id (4) | app (4) | endpoint (8) | ord (4) | issued (4) | expires (4).
 */
public final class Claims {
    static final int BYTES = 29;
    static final byte VERSION = 1;

    private final int keyId;
    private final int appId;
    private final long endpointId;
    private final int ord;
    private final long issuedAt;
    private final long expiresAt;

    /** Times in unix seconds, below 2^32; key, app and ord are unsigned 32-bit numbers. */
    public Claims(int keyId, int appId, long endpointId, int ord, long issuedAt, long expiresAt) {
        if (appId == 0 || endpointId == 0) {
            throw new IllegalArgumentException("app, endpoint: 0 (expected: both set)");
        }
        if (issuedAt < 0 || expiresAt <= issuedAt || expiresAt > 0xFFFFFFFFL) {
            throw new IllegalArgumentException(
                    "issued, expires: " + issuedAt + ", " + expiresAt + " (expected: rising unix seconds below 2^32)");
        }
        this.keyId = keyId;
        this.appId = appId;
        this.endpointId = endpointId;
        this.ord = ord;
        this.issuedAt = issuedAt;
        this.expiresAt = expiresAt;
    }

    /**
     * Reads the claims of a credential or a delegation without any check of its tag; null when the bytes have
     * another form. For the phone, which has no key; a room asks {@link CredentialVerifier}.
     */
    public static @Nullable Claims peek(byte[] proof) {
        return Layout.isCredential(proof) || Layout.isDelegation(proof) ? read(proof, Layout.CLAIMS_AT) : null;
    }

    public int keyId() {
        return keyId;
    }

    public int appId() {
        return appId;
    }

    public long endpointId() {
        return endpointId;
    }

    public int ord() {
        return ord;
    }

    /** Unix seconds. */
    public long issuedAt() {
        return issuedAt;
    }

    /** Unix seconds; not valid from then on. */
    public long expiresAt() {
        return expiresAt;
    }

    void write(byte[] out, int at) {
        out[at] = VERSION;
        Layout.putInt(keyId, out, at + 1);
        Layout.putInt(appId, out, at + 5);
        Layout.putLong(endpointId, out, at + 9);
        Layout.putInt(ord, out, at + 17);
        Layout.putInt((int) issuedAt, out, at + 21);
        Layout.putInt((int) expiresAt, out, at + 25);
    }

    /**
     * The claims at {@code at}, or null when no issuer writes such: another version, no app, times that do not rise.
     */
    static @Nullable Claims read(byte[] in, int at) {
        int appId = Layout.getInt(in, at + 5);
        long endpointId = Layout.getLong(in, at + 9);
        long issuedAt = Layout.getUnsigned(in, at + 21);
        long expiresAt = Layout.getUnsigned(in, at + 25);
        if (in[at] != VERSION || appId == 0 || endpointId == 0 || expiresAt <= issuedAt) {
            return null;
        }
        return new Claims(Layout.getInt(in, at + 1), appId, endpointId, Layout.getInt(in, at + 17), issuedAt,
                expiresAt);
    }
}
