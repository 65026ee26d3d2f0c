package io.longwire.keeper.rpc;

/** A call that did not get its answer. Carries no stack; the kind says whether asking again can help. */
public final class RpcFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why there is no answer. */
    public enum Kind {
        /** The bounded queue in front of the stream is full; nothing was sent. */
        QUEUE_FULL,
        /** No live process of that part, or its breaker is open; nothing was sent. */
        NO_TARGET,
        /** The deadline passed; the other side may have done it. */
        DEADLINE,
        /** The connection broke; the other side may have done it. */
        DISCONNECTED,
        /** The other side failed on it. */
        REFUSED,
        /** This process is closing. */
        CLOSED
    }

    private final Kind kind;

    public RpcFailure(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
