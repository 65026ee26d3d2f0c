package io.longwire.e2e.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the outside saw: sends and their answers, and what apps were shown. Written by many threads, in the order of
 * what
 * they saw; read after the run. A message is known by the text of its payload, as its id may never have reached the
 * caller.
 */
public final class History {
    private final Map<String, Story> stories = new TreeMap<>();
    private final List<Story> invented = new ArrayList<>();

    /** How a send ended for its caller. */
    public enum Answer {
        /** No answer yet, or none that says what happened: kept or not, both are right. */
        UNKNOWN, ACCEPTED,
        /** Refused with a typed error: it must never be shown. */
        REFUSED
    }

    /** One message. */
    public static final class Story {
        final String payload;
        final String endpoint;
        Answer answer = Answer.UNKNOWN;
        String messageId = "";
        final List<String> shownAt = new ArrayList<>();
        String end = "";

        Story(String payload, String endpoint) {
            this.payload = payload;
            this.endpoint = endpoint;
        }

        public String payload() {
            return payload;
        }

        public String messageId() {
            return messageId;
        }

        public String endpoint() {
            return endpoint;
        }

        @Override
        public String toString() {
            return payload + " [" + messageId + " to " + endpoint + "] " + answer + ", shown at " + shownAt + ", end "
                    + end;
        }
    }

    /** Before the call: from here on it may be shown. */
    public synchronized void sending(String payload, String endpoint) {
        stories.put(payload, new Story(payload, endpoint));
    }

    public synchronized void accepted(String payload, String messageId) {
        Story story = story(payload);
        story.answer = Answer.ACCEPTED;
        story.messageId = messageId;
    }

    public synchronized void refused(String payload) {
        story(payload).answer = Answer.REFUSED;
    }

    /** An app was shown this, once for each call. */
    public synchronized void shown(String payload, String endpoint) {
        Story story = stories.get(payload);
        if (story == null) {
            story = new Story(payload, endpoint);
            invented.add(story);
        }
        story.shownAt.add(endpoint);
    }

    /** The platform says that it ended this way: "acked", "expired", ... */
    public synchronized void ended(String payload, String how) {
        story(payload).end = how;
    }

    /** The id that the platform gave to this send. */
    public synchronized String id(String payload) {
        return story(payload).messageId;
    }

    public synchronized boolean wasShown(String payload) {
        return !story(payload).shownAt.isEmpty();
    }

    /** Accepted and neither shown nor ended yet. */
    public synchronized List<Story> outstanding() {
        return stories.values().stream()
                .filter(story -> story.answer == Answer.ACCEPTED && story.shownAt.isEmpty() && story.end.isEmpty())
                .toList();
    }

    public synchronized long acceptedCount() {
        return stories.values().stream().filter(story -> story.answer == Answer.ACCEPTED).count();
    }

    synchronized List<Story> stories() {
        return List.copyOf(stories.values());
    }

    synchronized List<Story> invented() {
        return List.copyOf(invented);
    }

    private Story story(String payload) {
        Story story = stories.get(payload);
        if (story == null) {
            throw new IllegalStateException("payload: " + payload + " (expected: one that was sent)");
        }
        return story;
    }
}
