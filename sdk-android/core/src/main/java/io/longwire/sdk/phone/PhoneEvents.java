package io.longwire.sdk.phone;

/** What the phone tells its owner; on the loop, so it must return at once. */
public interface PhoneEvents {
    void onStatus(PhoneStatus status);

    /** The phone's own connection pings after so long a silence from now on. */
    default void onHeartbeat(long silenceMillis) {
    }

    /** The app has an endpoint: it is registered, now or since an earlier start. */
    void onEndpoint(App app, String endpoint);

    /** The app's endpoint is served by the connection now, or no longer. */
    void onBound(App app, boolean bound);

    /**
     * The room ended the app's session: not before so long.
     *
     * @param reason what the product or the operator says; may be empty
     */
    default void onKicked(App app, int code, String reason, long retryAfterMillis) {
    }

    /** Something went wrong that a developer should see; the SDK goes on. */
    void onProblem(String what);
}
