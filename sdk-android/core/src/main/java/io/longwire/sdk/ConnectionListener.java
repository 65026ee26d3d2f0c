package io.longwire.sdk;

/**
 * Hears what the connection does. Called on one thread of the client, one call at a time, in order; a slow listener
 * delays only itself. At most 1,000 calls wait for it, then the newest are dropped.
 */
public interface ConnectionListener {
    /** The connection stands somewhere else now. */
    default void onStatus(ConnectionStatus status) {
    }

    /**
     * The connection pings after so long a silence from now on: what was learned of this network, less while the user
     * looks. Told after ONLINE and when it changes; never while another app holds the connection.
     */
    default void onHeartbeat(long silenceMillis) {
    }

    /** The app is known to the platform by this endpoint: what its product sends messages to. Once per start. */
    default void onEndpoint(LongwireApp app, String endpoint) {
    }

    /**
     * The platform ended the app's session. The client comes back by itself, not before the time given.
     *
     * @param code {@code KICKED}, {@code BLOCKED} (banned), {@code SIGNED_OUT} (another device of the user took its
     *     place), {@code REPLACED}, ... see docs/errors.md
     * @param reason what the product or the operator says; may be empty
     * @param retryAfterMillis 0 = after a short while
     */
    default void onKicked(LongwireApp app, String code, String reason, long retryAfterMillis) {
    }

    /** Something went wrong that a developer should see: {@code name: value (expected: rule)}. The client goes on. */
    default void onProblem(String what) {
    }
}
