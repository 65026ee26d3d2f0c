package io.longwire.device.credential;

import io.longwire.device.Code;

/** What a check of a credential or delegation came to, with the {@link Code} to answer. */
public enum Verdict {
    OK(Code.OK),
    /** Not the bytes of a credential or delegation of a known layout. */
    MALFORMED(Code.AUTH),
    /** The key id is not in the key set. */
    UNKNOWN_KEY(Code.AUTH_UNKNOWN_KEY),
    /** The tag does not fit: forged or damaged. */
    BAD_TAG(Code.AUTH),
    /** Past the expiry or the delegation's not-after, or a delegation that would live longer than one may. */
    EXPIRED(Code.AUTH_EXPIRED),
    /** A delegation for another host, or where no host is bound. */
    NOT_HOST(Code.AUTH_NOT_HOST);

    private final int code;

    Verdict(int code) {
        this.code = code;
    }

    /** What to tell the phone. */
    public int code() {
        return code;
    }
}
