package io.longwire.room.session;

/**
 * Stands in the place a connection had before it was resumed on another one: the register still names that place.
 * {@code to} is where the sessions are now. Belongs to the loop whose table it is in.
 */
public final class Forward {
    private final long secret;
    private long to;

    public Forward(long secret, long to) {
        this.secret = secret;
        this.to = to;
    }

    public long secret() {
        return secret;
    }

    public long to() {
        return to;
    }

    public void to(long handle) {
        to = handle;
    }
}
