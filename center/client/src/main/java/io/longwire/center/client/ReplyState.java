package io.longwire.center.client;

/** What became of a reply. */
public enum ReplyState {
    /** Written to the phone. Whether the app still waited is not known. */
    SENT,
    /** The phone is not connected. */
    GONE,
    /** The app waits no more. */
    TIMED_OUT,
    /** Nobody can say: it may have been written. */
    UNKNOWN;

    static ReplyState of(String state) {
        return switch (state) {
            case "sent" -> SENT;
            case "gone" -> GONE;
            case "timed_out" -> TIMED_OUT;
            default -> UNKNOWN;
        };
    }
}
