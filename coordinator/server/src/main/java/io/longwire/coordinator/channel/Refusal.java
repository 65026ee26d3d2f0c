package io.longwire.coordinator.channel;

/** What a consumer asked for cannot be had. An expected outcome: carries no stack. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Why {
        /** There is no such channel. */
        UNKNOWN,
        /** There are as many as there may be. */
        LIMIT,
        /** This process has too much to do, or leaves. */
        BUSY
    }

    private final Why why;

    public Refusal(Why why, String detail) {
        super(detail, null, false, false);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
