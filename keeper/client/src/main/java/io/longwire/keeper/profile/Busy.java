package io.longwire.keeper.profile;

/** Another one is being taken in this process, or was a moment ago. */
public final class Busy extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Busy(String message) {
        super(message, null, false, false);
    }
}
