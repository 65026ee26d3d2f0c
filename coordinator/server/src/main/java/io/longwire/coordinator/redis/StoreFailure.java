package io.longwire.coordinator.redis;

/** Redis did not do it, as far as known. Carries no stack; asking again is harmless. */
public final class StoreFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Kind {
        /** The bounded queue in front of the node is full; nothing was sent. */
        BUSY,
        /** The node cannot be reached, or did not answer in time; it may have been done. */
        UNAVAILABLE
    }

    private final Kind kind;

    public StoreFailure(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
