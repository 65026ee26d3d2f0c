package io.longwire.e2e.history;

import io.longwire.e2e.history.History.Answer;
import java.util.ArrayList;
import java.util.List;

/** One message to one endpoint, as the outside saw it. Guarded by its history. */
public final class Story {
    final String payload;
    final String endpoint;
    /** Of its collapse key; empty = none. */
    final String key;
    Answer answer = Answer.UNKNOWN;
    String messageId = "";
    /** The schedule that fires it; empty = none. */
    String scheduleId = "";
    /** Somebody asked to take it back, with whatever answer. */
    boolean revokeAsked;
    /** Somebody was told that it is, or will be, taken back. */
    boolean revoked;
    /** In the app now. */
    boolean visible;
    /** Shown when a newer one of its key had been. */
    boolean shownAfterNewer;
    final List<String> shownAt = new ArrayList<>();
    String end = "";

    Story(String payload, String endpoint, String key) {
        this.payload = payload;
        this.endpoint = endpoint;
        this.key = key;
    }

    public String payload() {
        return payload;
    }

    /** Empty while nobody was told it. */
    public String messageId() {
        return messageId;
    }

    /** The schedule that was to fire it; empty = none. */
    public String scheduleId() {
        return scheduleId;
    }

    public String endpoint() {
        return endpoint;
    }

    /** Whether it may end without having been shown, and rightly so: then its end must be asked for. */
    public boolean mayEndUnseen() {
        return !key.isEmpty() || revokeAsked;
    }

    boolean outstanding() {
        return (answer == Answer.ACCEPTED && shownAt.isEmpty() && end.isEmpty()) || (revoked && visible);
    }

    /** Whether the other one of the same key was sent after it; what has no id may have been. */
    boolean mayGiveWayTo(Story other) {
        return other != this && !key.isEmpty() && other.key.equals(key) && other.endpoint.equals(endpoint)
                && other.answer != Answer.REFUSED
                && (messageId.isEmpty() || other.messageId.isEmpty() || other.messageId.compareTo(messageId) > 0);
    }

    @Override
    public String toString() {
        return payload + " [" + messageId + scheduleId + " to " + endpoint + (key.isEmpty() ? "" : ", key " + key)
                + "] "
                + answer + ", shown at " + shownAt + ", end " + end + (revokeAsked ? ", revoke asked" : "")
                + (revoked ? ", revoked" : "");
    }
}
