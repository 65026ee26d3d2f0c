package io.longwire.room.login;

import org.jspecify.annotations.Nullable;

/** Who is kept out. Thread-safe, never blocks. */
public interface Bans {
    /** Nobody is. */
    Bans NONE = endpointId -> null;

    /**
     * A ban in force.
     *
     * @param retryAfterMillis what is left of it, an hour at most: phones believe no more
     * @param reason for people; may be empty
     */
    record Ban(int retryAfterMillis, String reason) {
    }

    /** Null = the endpoint may come. */
    @Nullable
    Ban of(long endpointId);
}
