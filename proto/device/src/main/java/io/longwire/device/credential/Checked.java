package io.longwire.device.credential;

import org.jspecify.annotations.Nullable;

/** A verdict, and the claims where it is OK. Immutable. */
public final class Checked {
    private final Verdict verdict;
    private final @Nullable Claims claims;
    private final long validUntil;
    private final boolean sealedOnly;

    private Checked(Verdict verdict, @Nullable Claims claims, long validUntil, boolean sealedOnly) {
        this.verdict = verdict;
        this.claims = claims;
        this.validUntil = validUntil;
        this.sealedOnly = sealedOnly;
    }

    static Checked ok(Claims claims, long validUntil, boolean sealedOnly) {
        return new Checked(Verdict.OK, claims, validUntil, sealedOnly);
    }

    static Checked no(Verdict verdict) {
        return new Checked(verdict, null, 0, false);
    }

    public Verdict verdict() {
        return verdict;
    }

    public boolean isOk() { return verdict == Verdict.OK; }

    /**
     * What the proof says; only when {@link #isOk()}, else {@link IllegalStateException}: unproven claims lead
     * nowhere.
     */
    public Claims claims() {
        Claims proven = claims;
        if (proven == null) {
            throw new IllegalStateException("verdict: " + verdict + " (expected: OK, before the claims are used)");
        }
        return proven;
    }

    /** Unix seconds: the expiry of the credential, or the not-after of the delegation; 0 unless OK. */
    public long validUntil() {
        return validUntil;
    }

    /** Whether the owner of the connection must not read: only sealed payloads go to this endpoint on it. */
    public boolean isSealedOnly() {
        return sealedOnly;
    }
}
