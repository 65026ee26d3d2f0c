package io.longwire.sdk.dispatcher;

/** The dispatcher refused, or was not reached. The text has the form {@code name: value (expected: rule)}. */
public final class DispatcherFailure extends Exception {
    /** What to do about it. */
    public enum Kind {
        /** Nobody answered, or not in a way that makes sense: try again with backoff. */
        UNREACHABLE,
        /** It asks to come back later. */
        TRY_LATER,
        /** The endpoint was deleted: only a new install id helps. */
        GONE,
        /** It says no and will go on saying so: another app key or build is needed. */
        REFUSED
    }

    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final long retryAfterMillis;

    public DispatcherFailure(Kind kind, String text, long retryAfterMillis) {
        super(text);
        this.kind = kind;
        this.retryAfterMillis = retryAfterMillis;
    }

    public Kind kind() {
        return kind;
    }

    /** What the dispatcher asked for; 0 = nothing. */
    public long retryAfterMillis() {
        return retryAfterMillis;
    }
}
