package io.longwire.e2e.history;

import io.longwire.e2e.history.History.Answer;
import io.longwire.e2e.history.History.Story;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Judges a finished run by the promises: what was accepted was shown or ended with a reason, nothing was shown
 * twice, to
 * the wrong endpoint, after a refusal, or without having been sent.
 */
public final class HistoryChecker {
    /** Ends other than by ack; "acked" without a show is a loss: the phone's word without the phone's deed. */
    private static final Set<String> REASONS = Set.of("expired", "cancelled", "collapsed", "overflowed", "dead",
            "deleted", "rejected");

    private HistoryChecker() {
    }

    /** One broken promise. */
    public record Violation(Kind kind, Story of, String story) {
        /** Which one. */
        public enum Kind {
            LOST, SHOWN_TWICE, SHOWN_TO_ANOTHER, SHOWN_AFTER_REFUSAL, INVENTED
        }
    }

    /** All broken promises; empty = the run was right. */
    public static List<Violation> check(History history) {
        var found = new ArrayList<Violation>();
        for (Story story : history.stories()) {
            if (story.answer == Answer.ACCEPTED && story.shownAt.isEmpty() && !REASONS.contains(story.end)) {
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
        }
        history.invented().forEach(story -> found.add(violation(Violation.Kind.INVENTED, story)));
        return found;
    }

    private static Violation violation(Violation.Kind kind, Story story) {
        return new Violation(kind, story, story.toString());
    }
}
