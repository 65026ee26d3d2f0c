package io.longwire.device.credential;

import java.util.Arrays;

/**
 * Checks credentials and delegations without asking anybody. Any thread; new keys count from the next check on.
 *
 * <p>The order of the verdicts: form, key, tag, host, time, so that nobody without a key learns what else was wrong.
 */
public final class CredentialVerifier {
    /** In place of a host: the binding is the first of its connection and needs a full credential. */
    public static final long NO_HOST = 0;
    /** How much a delegation's not-after may lie past 24 h: the clock of the phone that wrote it. */
    static final long CLOCK_SLACK_SECONDS = 600;

    private volatile CredentialKeys keys;

    public CredentialVerifier(CredentialKeys keys) {
        this.keys = keys;
    }

    /** Replaces the key set. */
    public void use(CredentialKeys newKeys) {
        keys = newKeys;
    }

    /**
     * Checks what a binding presents.
     *
     * @param host the endpoint whose full credential came first on this connection, or {@link #NO_HOST}
     * @param now unix seconds
     */
    public Checked check(byte[] proof, long host, long now) {
        boolean delegation = Layout.isDelegation(proof);
        if (!delegation && !Layout.isCredential(proof)) {
            return Checked.no(Verdict.MALFORMED);
        }
        Claims claims = Claims.read(proof, Layout.CLAIMS_AT);
        if (claims == null) {
            return Checked.no(Verdict.MALFORMED);
        }
        HmacSha256 key = keys.key(claims.keyId());
        if (key == null) {
            return Checked.no(Verdict.UNKNOWN_KEY);
        }
        byte[] tag = key.tag(proof, Layout.CLAIMS_AT, Claims.BYTES);
        return delegation ? delegation(proof, claims, tag, host, now) : credential(proof, claims, tag, now);
    }

    private static Checked credential(byte[] proof, Claims claims, byte[] tag, long now) {
        if (!HmacSha256.matches(tag, proof, Layout.CREDENTIAL_TAG_AT)) {
            return Checked.no(Verdict.BAD_TAG);
        }
        return now < claims.expiresAt()
                ? Checked.ok(claims, claims.expiresAt(), false)
                : Checked.no(Verdict.EXPIRED);
    }

    private static Checked delegation(byte[] proof, Claims claims, byte[] secret, long host, long now) {
        int from = Layout.taggedFrom(proof[0]);
        byte[] tag = new HmacSha256(secret).tag(proof, from, Layout.DELEGATION_TAG_AT - from);
        Arrays.fill(secret, (byte) 0);
        if (!HmacSha256.matches(tag, proof, Layout.DELEGATION_TAG_AT)) {
            return Checked.no(Verdict.BAD_TAG);
        }
        if (host == NO_HOST || Layout.getLong(proof, Layout.HOST_AT) != host) {
            return Checked.no(Verdict.NOT_HOST);
        }
        long notAfter = Layout.getUnsigned(proof, Layout.NOT_AFTER_AT);
        boolean tooLong = notAfter > now + Credentials.DELEGATION_SECONDS + CLOCK_SLACK_SECONDS
                || notAfter > claims.expiresAt();
        return now < notAfter && !tooLong
                ? Checked.ok(claims, notAfter, proof[0] == Layout.SEALED_DELEGATION)
                : Checked.no(Verdict.EXPIRED);
    }
}
