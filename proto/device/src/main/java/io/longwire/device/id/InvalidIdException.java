package io.longwire.device.id;

/** A text is no id. Says why in {@link #reason()} and, for people, in the message; without a stack trace. */
public final class InvalidIdException extends IllegalArgumentException {
    /** What is wrong. */
    public enum Reason {
        /** Not the number of characters of this kind of id, or another prefix. */
        SHAPE,
        /** A character outside the alphabet, or bits set that must be 0. */
        ALPHABET,
        /** A well-formed id that this platform never gave to this app. */
        TAG
    }

    private static final long serialVersionUID = 1;
    private static final int SHOWN = 40;

    private final Reason reason;

    InvalidIdException(Reason reason, String name, String text, String rule) {
        super(name + ": " + (text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text) + " (expected: " + rule
                + ")");
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** Does nothing: see the class. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
