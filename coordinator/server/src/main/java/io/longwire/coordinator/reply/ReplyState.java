package io.longwire.coordinator.reply;

import java.util.Locale;

/** What a product is told of its reply. */
public enum ReplyState {
    /** Written to the phone. Whether the app still waited is not known. */
    SENT,
    /** The phone is not connected, or was not back in time after a drop. */
    GONE,
    /** The app waits no more: its time was over before the reply came. */
    TIMED_OUT,
    /** Nobody can say: it may have been written. */
    UNKNOWN;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
