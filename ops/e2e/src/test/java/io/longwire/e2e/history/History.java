package io.longwire.e2e.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the outside saw: sends and their answers, what was taken back, and what apps were shown. Written by many
 * threads, in the order of what they saw; read after the run. A message is known by the text of its payload, as its id
 * may never have reached the caller; one to several endpoints is a story for each.
 */
public final class History {
    /** By payload, then endpoint. */
    private final Map<String, Map<String, Story>> stories = new TreeMap<>();
    private final List<Story> invented = new ArrayList<>();

    /** How a send ended for its caller. */
    public enum Answer {
        /** No answer yet, or none that says what happened: kept or not, both are right. */
        UNKNOWN, ACCEPTED,
        /** Refused with a typed error: it must never be shown. */
        REFUSED
    }

    /** Before the call: from here on it may be shown. */
    public void sending(String payload, String endpoint) {
        sending(payload, endpoint, "");
    }

    /** The same of a message with a collapse key. */
    public synchronized void sending(String payload, String endpoint, String key) {
        stories.computeIfAbsent(payload, text -> new TreeMap<>()).put(endpoint, new Story(payload, endpoint, key));
    }

    /** All of it was accepted, under this id. */
    public synchronized void accepted(String payload, String messageId) {
        for (Story story : of(payload)) {
            story.answer = Answer.ACCEPTED;
            story.messageId = messageId;
        }
    }

    /** One target of several was. */
    public synchronized void accepted(String payload, String endpoint, String messageId) {
        Story story = stories.getOrDefault(payload, Map.of()).get(endpoint);
        if (story != null) {
            story.answer = Answer.ACCEPTED;
            story.messageId = messageId;
        }
    }

    /** It will be sent at its time. */
    public synchronized void scheduled(String payload, String scheduleId) {
        for (Story story : of(payload)) {
            story.answer = Answer.ACCEPTED;
            story.scheduleId = scheduleId;
        }
    }

    public synchronized void refused(String payload) {
        of(payload).forEach(story -> story.answer = Answer.REFUSED);
    }

    /** Before a revoke of it: from here on it may stay unseen. */
    public synchronized void revoking(String payload) {
        of(payload).forEach(story -> story.revokeAsked = true);
    }

    /** The caller was told that it is taken back, or on its way. */
    public synchronized void revoked(String payload) {
        of(payload).forEach(story -> story.revoked = true);
    }

    /** An app was shown this, once for each call. */
    public void shown(String payload, String endpoint) {
        shown(payload, endpoint, "");
    }

    /** The same, with the id that it came under. */
    public synchronized void shown(String payload, String endpoint, String messageId) {
        Story story = seenBy(payload, endpoint);
        story.shownAt.add(endpoint);
        story.visible = true;
        if (story.messageId.isEmpty()) {
            story.messageId = messageId;
        }
        story.shownAfterNewer |= !story.key.isEmpty() && !story.messageId.isEmpty() && stories().stream()
                .anyMatch(other -> !other.messageId.isEmpty() && !other.shownAt.isEmpty() && story.mayGiveWayTo(other));
    }

    /** An app took it away from its user. */
    public synchronized void takenBack(String messageId, String endpoint) {
        for (Story story : stories()) {
            if (story.messageId.equals(messageId) && story.endpoint.equals(endpoint)) {
                story.visible = false;
            }
        }
    }

    /** The platform says that it ended this way: "acked", "expired", ... */
    public synchronized void ended(Story story, String how) {
        story.end = how;
    }

    /** The same of a message to one. */
    public synchronized void ended(String payload, String how) {
        of(payload).forEach(story -> story.end = how);
    }

    /** The id that the platform gave to this send. */
    public synchronized String id(String payload) {
        return of(payload).iterator().next().messageId;
    }

    /** To all it was sent to. */
    public synchronized boolean wasShown(String payload) {
        return of(payload).stream().noneMatch(story -> story.shownAt.isEmpty());
    }

    /** Accepted and neither shown nor ended yet, or taken back and still there. */
    public synchronized List<Story> outstanding() {
        return stories().stream().filter(Story::outstanding).toList();
    }

    public synchronized long acceptedCount() {
        return stories().stream().filter(story -> story.answer == Answer.ACCEPTED).count();
    }

    synchronized List<Story> stories() {
        return stories.values().stream().flatMap(targets -> targets.values().stream()).toList();
    }

    synchronized List<Story> invented() {
        return List.copyOf(invented);
    }

    /** The story that a show belongs to; of one that went astray, the one it was sent as. */
    private Story seenBy(String payload, String endpoint) {
        Map<String, Story> targets = stories.getOrDefault(payload, Map.of());
        Story story = targets.get(endpoint);
        if (story == null && !targets.isEmpty()) {
            story = targets.values().iterator().next();
        }
        if (story == null) {
            story = new Story(payload, endpoint, "");
            invented.add(story);
        }
        return story;
    }

    private Collection<Story> of(String payload) {
        @Nullable
        Map<String, Story> targets = stories.get(payload);
        if (targets == null) {
            throw new IllegalStateException("payload: " + payload + " (expected: one that was sent)");
        }
        return targets.values();
    }
}
