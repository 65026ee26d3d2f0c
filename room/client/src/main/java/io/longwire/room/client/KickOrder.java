package io.longwire.room.client;

/**
 * How a session is ended, and what its phone is told.
 *
 * @param code a code of the device protocol
 * @param retryAfterMillis not before so long; 0 = the phone's own backoff
 * @param reason for people; may be empty
 * @param connection the whole connection ends, with the sessions of all its endpoints
 */
public record KickOrder(int code, int retryAfterMillis, String reason, boolean connection) {
    /** Ends one session, without a word on why. */
    public static KickOrder of(int code) {
        return new KickOrder(code, 0, "", false);
    }
}
