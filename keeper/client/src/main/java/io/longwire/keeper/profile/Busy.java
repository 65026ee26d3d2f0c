package io.longwire.keeper.profile;

/** Another profile is being taken in this process. */
public final class Busy extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Busy(String message) {
        super(message, null, false, false);
    }
}
