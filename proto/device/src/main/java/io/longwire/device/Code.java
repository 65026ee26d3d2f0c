package io.longwire.device;

/**
 * What a room answers with in CONNECT_ACK, BIND_ACK, UPLINK_REPLY, KICK, GOAWAY and ERROR. The range tells a phone
 * what to do with a code it does not know: 0 to 63 try again with backoff, 64 to 127 not again for one hour. Known
 * codes have their own rule, in docs/errors.md. A number is never used twice.
 */
public final class Code {
    public static final int OK = 0;
    /** Go to one of the addresses given. */
    public static final int REDIRECT = 1;
    /** Too much work now; come back after {@code retry_after_ms}. */
    public static final int BUSY = 2;
    /** This phone or endpoint does something too often; come back after {@code retry_after_ms}. */
    public static final int RATE = 3;
    /** The room is being drained or stopped. */
    public static final int SHUTDOWN = 4;
    /** A fault of the room, logged there. */
    public static final int INTERNAL = 5;
    /** The room is cut off from what it needs (fenced, or a part behind it is away). */
    public static final int NOT_SERVING = 6;
    /** The credential or delegation is past its time: renew it, then try again. */
    public static final int AUTH_EXPIRED = 7;
    /** The room has no such key (yet): try elsewhere; renew the credential at the third time. */
    public static final int AUTH_UNKNOWN_KEY = 8;
    /** A newer connection of this endpoint is alive: once, with {@code incumbent + 1}, if the phone knows of none. */
    public static final int EPOCH_OLD = 9;
    /** The load is being spread; nothing is wrong. */
    public static final int REBALANCE = 10;
    /** Something that was due did not come: CONNECT, the rest of a frame, any byte. */
    public static final int TIMEOUT = 11; // allowed: a code, not a time
    /** A product or the operator ended the session: not before {@code retry_after_ms}. */
    public static final int KICKED = 12;
    /** Another device of the user has an alias of this endpoint now; the text names it. */
    public static final int SIGNED_OUT = 13;

    /** The bytes or their order break the protocol. */
    public static final int PROTOCOL = 64;
    /** A version, mandatory frame or feature this side does not know. */
    public static final int UNSUPPORTED = 65;
    /** A frame, body or list above its limit. */
    public static final int TOO_LARGE = 66;
    /** Wrong tag or unreadable credential: register anew, then at most every 10 minutes. */
    public static final int AUTH = 67;
    /** A delegation that names another host, or none stands first on this connection. */
    public static final int AUTH_NOT_HOST = 68;
    /** No such app, or it is switched off. */
    public static final int UNKNOWN_APP = 69;
    /** This build of the SDK is blocked: only an update helps. */
    public static final int UPGRADE = 70;
    /** The endpoint was bound by a newer connection: no automatic return within 60 s. */
    public static final int REPLACED = 71;
    /** Banned, or denied by an access rule. */
    public static final int BLOCKED = 72;
    /** The endpoint was deleted: register anew. */
    public static final int GONE = 73;
    /** The frame names an endpoint that is not bound to this connection. */
    public static final int NOT_BOUND = 74;
    /** More endpoints than a connection may carry, or a second one of the same app. */
    public static final int LIMIT = 75;
    /** An uplink that will never be taken, whoever brings it. */
    public static final int REFUSED = 76;
    /** An alias that this endpoint may not have: it is banned, or another endpoint keeps it. */
    public static final int TAKEN = 77;

    private static final int FINAL = 64;

    private Code() {
    }

    /** Whether trying again later can help; the rule for codes that are not known, too. */
    public static boolean isRetryable(int code) {
        return code >= OK && code < FINAL;
    }

    /** The name for logs and metrics; {@code UNKNOWN} for a code of a later version. */
    public static String name(int code) {
        switch (code) {
            case OK :
                return "OK";
            case REDIRECT :
                return "REDIRECT";
            case BUSY :
                return "BUSY";
            case RATE :
                return "RATE";
            case SHUTDOWN :
                return "SHUTDOWN";
            case INTERNAL :
                return "INTERNAL";
            case NOT_SERVING :
                return "NOT_SERVING";
            case AUTH_EXPIRED :
                return "AUTH_EXPIRED";
            case AUTH_UNKNOWN_KEY :
                return "AUTH_UNKNOWN_KEY";
            case EPOCH_OLD :
                return "EPOCH_OLD";
            case REBALANCE :
                return "REBALANCE";
            case TIMEOUT :
                return "TIMEOUT";
            case KICKED :
                return "KICKED";
            case SIGNED_OUT :
                return "SIGNED_OUT";
            case PROTOCOL :
                return "PROTOCOL";
            case UNSUPPORTED :
                return "UNSUPPORTED";
            case TOO_LARGE :
                return "TOO_LARGE";
            case AUTH :
                return "AUTH";
            case AUTH_NOT_HOST :
                return "AUTH_NOT_HOST";
            case UNKNOWN_APP :
                return "UNKNOWN_APP";
            case UPGRADE :
                return "UPGRADE";
            case REPLACED :
                return "REPLACED";
            case BLOCKED :
                return "BLOCKED";
            case GONE :
                return "GONE";
            case NOT_BOUND :
                return "NOT_BOUND";
            case LIMIT :
                return "LIMIT";
            case REFUSED :
                return "REFUSED";
            case TAKEN :
                return "TAKEN";
            default :
                return "UNKNOWN";
        }
    }
}
