package io.longwire.e2e.history;

import io.longwire.e2e.history.History.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Judges a finished run by the promises: what was accepted was shown or ended with a reason that holds, nothing was
 * shown twice, to the wrong endpoint, after a refusal, after a newer one of its key, or without having been sent; what
 * was taken back is not left with the user.
 */
public final class HistoryChecker {
    /** Ends that a message may come to by itself. "Acked" is none: it is the phone's word without the phone's deed. */
    private static final Set<String> REASONS = Set.of("expired", "overflowed", "dead", "deleted", "rejected");
    private static final Set<String> TAKEN_BACK = Set.of("revoked", "cancelled", "acked");
    private static final Set<String> GAVE_WAY = Set.of("collapsed", "acked");

    private HistoryChecker() {
    }

    /** One broken promise. */
    public record Violation(Kind kind, Story of, String story) {
        /** Which one. */
        public enum Kind {
            LOST, SHOWN_TWICE, SHOWN_TO_ANOTHER, SHOWN_AFTER_REFUSAL, SHOWN_AFTER_NEWER, NOT_TAKEN_BACK, INVENTED
        }
    }

    /** All broken promises; empty = the run was right. */
    public static List<Violation> check(History history) {
        var found = new ArrayList<Violation>();
        List<Story> all = history.stories();
        for (Story story : all) {
            if (story.answer == Answer.ACCEPTED && story.shownAt.isEmpty() && !rightlyUnseen(story, all)) {
                found.add(violation(Violation.Kind.LOST, story));
            }
            if (story.shownAt.size() > 1) {
                found.add(violation(Violation.Kind.SHOWN_TWICE, story));
            }
            if (story.shownAt.stream().anyMatch(endpoint -> !endpoint.equals(story.endpoint))) {
                found.add(violation(Violation.Kind.SHOWN_TO_ANOTHER, story));
            }
            if (story.answer == Answer.REFUSED && !story.shownAt.isEmpty()) {
                found.add(violation(Violation.Kind.SHOWN_AFTER_REFUSAL, story));
            }
            if (story.shownAfterNewer) {
                found.add(violation(Violation.Kind.SHOWN_AFTER_NEWER, story));
            }
            if (story.revoked && story.visible) {
                found.add(violation(Violation.Kind.NOT_TAKEN_BACK, story));
            }
        }
        history.invented().forEach(story -> found.add(violation(Violation.Kind.INVENTED, story)));
        return found;
    }

    // A phone also acks, unseen, what came after a newer one of its key, and what was taken back on the way.
    private static boolean rightlyUnseen(Story story, List<Story> all) {
        if (REASONS.contains(story.end) || (story.revokeAsked && TAKEN_BACK.contains(story.end))) {
            return true;
        }
        return GAVE_WAY.contains(story.end) && all.stream().anyMatch(other -> story.mayGiveWayTo(other)
                && (story.end.equals("collapsed") || !other.shownAt.isEmpty()));
    }

    private static Violation violation(Violation.Kind kind, Story story) {
        return new Violation(kind, story, story.toString());
    }
}
