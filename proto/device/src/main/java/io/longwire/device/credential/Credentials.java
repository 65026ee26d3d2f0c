package io.longwire.device.credential;

import java.util.Arrays;

/** Makes the two proofs: credentials at the dispatcher, delegations on the phone. Static and without state. */
public final class Credentials {
    /** The longest life of a delegation. */
    public static final long DELEGATION_SECONDS = 24 * 3600;

    private Credentials() {
    }

    /**
     * A credential with these claims, whose key id must be in {@code keys}; issuers take {@link
     * CredentialKeys#current()}.
     */
    public static byte[] issue(CredentialKeys keys, Claims claims) {
        HmacSha256 key = keys.key(claims.keyId());
        if (key == null) {
            throw new IllegalArgumentException("key id: " + claims.keyId() + " (expected: one of the key set)");
        }
        byte[] out = new byte[Layout.CREDENTIAL_BYTES];
        out[0] = Layout.CREDENTIAL;
        claims.write(out, Layout.CLAIMS_AT);
        byte[] tag = key.tag(out, Layout.CLAIMS_AT, Claims.BYTES);
        System.arraycopy(tag, 0, out, Layout.CREDENTIAL_TAG_AT, tag.length);
        return out;
    }

    /** Whether these are the bytes of a credential, which nobody but its owner and the platform may see. */
    public static boolean isCredential(byte[] proof) {
        return Layout.isCredential(proof);
    }

    /**
     * Lets the connection of {@code hostEndpoint} carry the endpoint of this credential until the earlier of {@code
     * now + 24 h} and the expiry of the credential. The tag of the credential, which proves ownership, is not in
     * it.
     *
     * @param now unix seconds, by the room's clock where it is known
     */
    public static byte[] delegate(byte[] credential, long hostEndpoint, long now) {
        return delegate(credential, hostEndpoint, now, Layout.DELEGATION);
    }

    /**
     * As {@link #delegate}, for a host that must not read: rooms write no payload to its connection that is not sealed
     * for the endpoint. The host can make no other delegation of it.
     */
    public static byte[] delegateSealed(byte[] credential, long hostEndpoint, long now) {
        return delegate(credential, hostEndpoint, now, Layout.SEALED_DELEGATION);
    }

    private static byte[] delegate(byte[] credential, long hostEndpoint, long now, byte kind) {
        Claims claims = Layout.isCredential(credential) ? Claims.peek(credential) : null;
        if (claims == null) {
            throw new IllegalArgumentException(
                    "credential: " + credential.length + " bytes (expected: a credential of layout 1)");
        }
        byte[] out = new byte[Layout.DELEGATION_BYTES];
        System.arraycopy(credential, Layout.CLAIMS_AT, out, Layout.CLAIMS_AT, Claims.BYTES);
        out[0] = kind;
        Layout.putLong(hostEndpoint, out, Layout.HOST_AT);
        Layout.putInt((int) Math.min(now + DELEGATION_SECONDS, claims.expiresAt()), out, Layout.NOT_AFTER_AT);
        byte[] secret = Arrays.copyOfRange(credential, Layout.CREDENTIAL_TAG_AT, Layout.CREDENTIAL_BYTES);
        int from = Layout.taggedFrom(kind);
        byte[] tag = new HmacSha256(secret).tag(out, from, Layout.DELEGATION_TAG_AT - from);
        System.arraycopy(tag, 0, out, Layout.DELEGATION_TAG_AT, tag.length);
        return out;
    }
}
