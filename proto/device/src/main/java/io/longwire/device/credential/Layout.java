package io.longwire.device.credential;

/**
 * The bytes of the two proofs, big-endian.
 *
 * <pre>
 * credential  62 B: 0x01 | claims (29) | HMAC-SHA256(key, claims)
 * delegation  74 B: 0x02 | claims (29) | host endpoint (8) | not after, unix s (4)
 *                  | HMAC-SHA256(credential tag, claims..not after)
 *             74 B: 0x03, the same for sealed payloads alone; the tag covers the first byte, too
 * </pre>
 */
final class Layout {
    static final byte CREDENTIAL = 1;
    static final byte DELEGATION = 2;
    static final byte SEALED_DELEGATION = 3;
    static final int CLAIMS_AT = 1;

    static final int CREDENTIAL_TAG_AT = CLAIMS_AT + Claims.BYTES;
    static final int CREDENTIAL_BYTES = CREDENTIAL_TAG_AT + HmacSha256.TAG_BYTES;

    static final int HOST_AT = CLAIMS_AT + Claims.BYTES;
    static final int NOT_AFTER_AT = HOST_AT + 8;
    static final int DELEGATION_TAG_AT = NOT_AFTER_AT + 4;
    static final int DELEGATION_BYTES = DELEGATION_TAG_AT + HmacSha256.TAG_BYTES;

    private Layout() {
    }

    static boolean isCredential(byte[] proof) {
        return proof.length == CREDENTIAL_BYTES && proof[0] == CREDENTIAL;
    }

    static boolean isDelegation(byte[] proof) {
        return proof.length == DELEGATION_BYTES && (proof[0] == DELEGATION || proof[0] == SEALED_DELEGATION);
    }

    /** What a delegation's tag covers begins here: its kind, too, where that says more than the first one did. */
    static int taggedFrom(byte kind) {
        return kind == SEALED_DELEGATION ? 0 : CLAIMS_AT;
    }

    static void putInt(int value, byte[] out, int at) {
        out[at] = (byte) (value >>> 24);
        out[at + 1] = (byte) (value >>> 16);
        out[at + 2] = (byte) (value >>> 8);
        out[at + 3] = (byte) value;
    }

    static void putLong(long value, byte[] out, int at) {
        putInt((int) (value >>> 32), out, at);
        putInt((int) value, out, at + 4);
    }

    static int getInt(byte[] in, int at) {
        return in[at] << 24 | (in[at + 1] & 0xFF) << 16 | (in[at + 2] & 0xFF) << 8 | (in[at + 3] & 0xFF);
    }

    static long getUnsigned(byte[] in, int at) {
        return getInt(in, at) & 0xFFFFFFFFL;
    }

    static long getLong(byte[] in, int at) {
        return (long) getInt(in, at) << 32 | getUnsigned(in, at + 4);
    }
}
