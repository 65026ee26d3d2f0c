package io.longwire.coordinator.callback;

import io.longwire.coordinator.callback.Posted.Answered;
import io.longwire.coordinator.callback.Posted.Failed;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is to become of the events of a request. */
sealed interface Verdict {
    /**
     * The backend has them.
     *
     * @param again those it wants again, by id, and after how many milliseconds
     * @param replies to those that ask something
     */
    record Done(Map<String, Long> again, List<Said.Reply> replies) implements Verdict {
        public Done {
            again = Map.copyOf(again);
            replies = List.copyOf(replies);
        }

        Done(Said said) {
            this(said.again(), said.replies());
        }
    }

    /**
     * All of them again.
     *
     * @param retryAfter the header, as it came
     */
    record Again(Reason reason, String retryAfter, String text) implements Verdict {
    }

    /** By the answer, or the lack of one. */
    static Verdict of(Posted posted) {
        return switch (posted) {
            case Failed(Reason reason, String text) -> new Again(reason, "", text);
            case Answered answer -> of(answer);
        };
    }

    private static Verdict of(Answered answer) {
        int status = answer.status();
        @Nullable
        Reason reason = switch (status / 100) {
            case 2 -> null;
            case 3 -> Reason.REDIRECT;
            case 4 -> status == 408 || status == 425 || status == 429 ? Reason.LATER : Reason.REJECTED;
            case 5 -> Reason.SERVER_ERROR;
            default -> Reason.NOT_HTTP;
        };
        if (reason != null) {
            return new Again(reason, reason == Reason.REDIRECT ? "" : answer.retryAfter(), "status " + status);
        }
        boolean json = answer.contentType().toLowerCase(Locale.ROOT).startsWith("application/json");
        try {
            return new Done(json && answer.body().length > 0 ? Said.read(answer.body()) : Said.NOTHING);
        } catch (IOException unreadable) {
            return new Again(Reason.BAD_ANSWER, "", "status " + status + " with JSON that cannot be read");
        }
    }
}
