package io.longwire.saver.ledger;

/** A store did not do it, as far as known. Carries no stack; asking again with the same ids is harmless. */
public final class StoreFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Kind {
        /** The bounded queue in front of the store is full: later. */
        BUSY,
        /** The store cannot be reached, or did not answer in time; it may have been done. */
        UNAVAILABLE,
        /** The store refuses this very row. */
        REFUSED,
        /** This process is closing. */
        CLOSED
    }

    private final Kind kind;

    public StoreFailure(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** The failure behind what a future was completed with. */
    public static StoreFailure of(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && !(cause instanceof StoreFailure)) {
            cause = cause.getCause();
        }
        return cause instanceof StoreFailure failure ? failure : new StoreFailure(Kind.UNAVAILABLE, cause.toString());
    }
}
