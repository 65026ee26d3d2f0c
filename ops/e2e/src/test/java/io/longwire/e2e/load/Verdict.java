package io.longwire.e2e.load;

import io.longwire.e2e.history.History;
import io.longwire.e2e.history.HistoryChecker;
import io.longwire.e2e.history.HistoryChecker.Violation;
import io.longwire.e2e.history.Story;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Rest;
import io.longwire.keeper.clock.Clock;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges a run when it is over: waits until nothing accepted is outstanding, then a moment more for what should not
 * come, and checks the history.
 */
public final class Verdict {
    private static final Logger LOG = LoggerFactory.getLogger(Verdict.class);
    private static final Duration AFTERMATH = Duration.ofMillis(700);
    private static final int SHOWN = 10;

    private final History history;
    private final Product product;
    private final long seed;
    private String sent = "";

    public Verdict(History history, Product product, long seed) {
        this.history = history;
        this.product = product;
        this.seed = seed;
    }

    /** Says with it what was sent. */
    public Verdict of(Tally tally) {
        sent = " (" + tally + ")";
        return this;
    }

    /** Throws AssertionError with the seed and the first stories if a promise was broken, or nothing was accepted. */
    public void kept(Duration limit) {
        kept(broken(limit));
    }

    /** The same of what {@link #broken} found. */
    public void kept(List<Violation> broken) {
        if (!broken.isEmpty()) {
            throw new AssertionError("seed " + seed + ": " + broken.size() + " promises broken of "
                    + history.acceptedCount() + " accepted messages" + sent + " (expected: none):\n"
                    + String.join("\n", broken.stream().limit(SHOWN).map(this::told).toList()));
        }
        if (history.acceptedCount() == 0) {
            throw new AssertionError("seed " + seed + ": nothing was accepted (expected: some, or nothing is proved)");
        }
    }

    /** The broken promises, after at most so long. */
    public List<Violation> broken(Duration limit) {
        long began = Clock.system().nanos();
        int open = history.outstanding().size();
        try (var rest = product.backend()) {
            while (!history.outstanding().isEmpty() && Clock.system().nanos() - began < limit.toNanos()) {
                LockSupport.parkNanos(20_000_000);
                askForEnds(rest);
            }
        }
        LOG.info("{} accepted{}, {} of them were outstanding for up to {} ms more", history.acceptedCount(), sent, open,
                (Clock.system().nanos() - began) / 1_000_000);
        LockSupport.parkNanos(AFTERMATH.toNanos());
        try (var rest = product.backend()) {
            for (Story story : history.outstanding()) {
                history.ended(story, state(rest, story));
            }
        }
        return HistoryChecker.check(history);
    }

    /** What may end unseen does so without a word to any phone. */
    private void askForEnds(Rest rest) {
        for (Story story : history.outstanding()) {
            if (story.mayEndUnseen()) {
                String state = state(rest, story);
                if (!state.equals("waiting") && !state.startsWith("unknown")) {
                    history.ended(story, state);
                }
            }
        }
    }

    private static String state(Rest rest, Story story) {
        try {
            String id = id(rest, story);
            Answer answer = rest.timeline(id, story.endpoint());
            return answer.status() == 200 ? answer.text("state") : "unknown: " + answer.body();
        } catch (UncheckedIOException away) {
            return "unknown: " + away.getMessage();
        }
    }

    private static String id(Rest rest, Story story) {
        return story.messageId().isEmpty() && !story.scheduleId().isEmpty()
                ? rest.get("/v1/schedules/" + story.scheduleId()).text("last_message_id")
                : story.messageId();
    }

    private String told(Violation violation) {
        String text = violation.kind() + " " + violation.story();
        Story story = violation.of();
        try (var rest = product.backend()) {
            return text + "\n    " + rest.timeline(id(rest, story), story.endpoint()).body()
                    + (story.scheduleId().isEmpty()
                            ? ""
                            : "\n    " + rest.get("/v1/schedules/" + story.scheduleId()).body());
        } catch (UncheckedIOException away) {
            return text + "\n    no timeline: " + away.getMessage();
        }
    }
}
