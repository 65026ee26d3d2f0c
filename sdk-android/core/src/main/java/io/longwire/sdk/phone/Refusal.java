package io.longwire.sdk.phone;

import io.longwire.device.Code;
import io.longwire.sdk.policy.ReconnectPolicy;

/**
 * What to do when a room says no: how long to stay away, and what to get first. One table for CONNECT_ACK, BIND_ACK,
 * KICK and ERROR. Immutable.
 */
final class Refusal {
    /** What must happen before the next try. */
    enum Cure {
        /** Only time helps. */
        WAIT,
        /** A fresh credential. */
        RENEW,
        /** A fresh credential, but not in a circle. */
        RENEW_RARELY,
        /** A new install id and endpoint. */
        START_ANEW,
        /** A sequence above the incumbent's. */
        OVERTAKE
    }

    /** A newer connection took over: two phones with one identity must not chase each other. */
    static final long REPLACED_MILLIS = 60_000;
    /** What only time or an update changes. */
    static final long FINAL_MILLIS = 3_600_000;

    private final int code;
    private final Cure cure;
    private final long waitMillis;

    private Refusal(int code, Cure cure, long waitMillis) {
        this.code = code;
        this.cure = cure;
        this.waitMillis = waitMillis;
    }

    /**
     * The rule for a code.
     *
     * @param retryAfterMillis what the room asked for; 0 = nothing
     */
    static Refusal of(int code, long retryAfterMillis) {
        long asked = Math.min(Math.max(0, retryAfterMillis), ReconnectPolicy.RETRY_AFTER_MAX_MILLIS);
        switch (code) {
            case Code.AUTH_EXPIRED :
                return new Refusal(code, Cure.RENEW, asked);
            case Code.AUTH :
                return new Refusal(code, Cure.RENEW_RARELY, asked);
            case Code.GONE :
                return new Refusal(code, Cure.START_ANEW, asked);
            case Code.EPOCH_OLD :
                return new Refusal(code, Cure.OVERTAKE, asked);
            case Code.BLOCKED :
                return new Refusal(code, Cure.WAIT, asked == 0 ? FINAL_MILLIS : asked);
            case Code.REPLACED :
            case Code.AUTH_NOT_HOST :
                return new Refusal(code, Cure.WAIT, Math.max(asked, REPLACED_MILLIS));
            default :
                return new Refusal(code, Cure.WAIT, Code.isRetryable(code) ? asked : Math.max(asked, FINAL_MILLIS));
        }
    }

    /**
     * Whether a PROFILE or UPLINK that was answered so will never be taken: the code is about what it carries. The rest
     * is about the endpoint or the room, and may pass.
     */
    static boolean isForGood(int code) {
        switch (code) {
            case Code.AUTH :
            case Code.AUTH_NOT_HOST :
            case Code.BLOCKED :
            case Code.GONE :
            case Code.NOT_BOUND :
            case Code.REPLACED :
            case Code.UNKNOWN_APP :
            case Code.UNSUPPORTED :
            case Code.UPGRADE :
                return false;
            default :
                return !Code.isRetryable(code);
        }
    }

    /** Whether the room names another one to go to. */
    boolean isRedirect() { return code == Code.REDIRECT; }

    /** Whether another room may take us at once: it is this room that cannot. */
    boolean isAboutRoom() {
        return code == Code.REDIRECT || code == Code.BUSY || code == Code.SHUTDOWN || code == Code.INTERNAL
                || code == Code.NOT_SERVING || code == Code.REBALANCE || code == Code.AUTH_UNKNOWN_KEY;
    }

    /** Whether it is one endpoint that is not let in: others on the same connection may be. */
    boolean isAboutEndpoint() {
        switch (code) {
            case Code.AUTH :
            case Code.AUTH_EXPIRED :
            case Code.AUTH_NOT_HOST :
            case Code.AUTH_UNKNOWN_KEY :
            case Code.BLOCKED :
            case Code.EPOCH_OLD :
            case Code.GONE :
            case Code.KICKED :
            case Code.REPLACED :
            case Code.SIGNED_OUT :
            case Code.UNKNOWN_APP :
                return true;
            default :
                return false;
        }
    }

    /** For the connection, when the endpoint it is about waits by itself: the usual backoff, so that others come. */
    Refusal ofOneEndpoint() {
        return new Refusal(code, cure, 0);
    }

    Cure cure() {
        return cure;
    }

    /** Not before so long; 0 = the usual backoff decides. */
    long waitMillis() {
        return waitMillis;
    }
}
