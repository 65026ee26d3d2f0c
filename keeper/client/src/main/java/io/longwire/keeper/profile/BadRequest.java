package io.longwire.keeper.profile;

/** A value of a request that cannot be; the message is {@code name: value (expected: rule)}. */
public final class BadRequest extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadRequest(String message) {
        super(message, null, false, false);
    }
}
