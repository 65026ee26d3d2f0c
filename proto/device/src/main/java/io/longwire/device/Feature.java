package io.longwire.device;

/** The feature bits of CONNECT and CONNECT_ACK: what is used when both sides have it. A bit is never used twice. */
public final class Feature {
    /** Requests: an UPLINK with {@code timeout_ms}, and the REPLY to it. */
    public static final int REPLIES = 1;

    /** What this version knows. */
    public static final int ALL = REPLIES;

    private Feature() {
    }
}
