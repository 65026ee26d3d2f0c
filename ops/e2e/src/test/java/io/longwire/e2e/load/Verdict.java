package io.longwire.e2e.load;

import io.longwire.cli.api.ApiFailure;
import io.longwire.cli.api.CenterApi;
import io.longwire.e2e.history.History;
import io.longwire.e2e.history.History.Story;
import io.longwire.e2e.history.HistoryChecker;
import io.longwire.e2e.history.HistoryChecker.Violation;
import io.longwire.e2e.platform.Product;
import io.longwire.keeper.clock.Clock;
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

    public Verdict(History history, Product product, long seed) {
        this.history = history;
        this.product = product;
        this.seed = seed;
    }

    /** Throws AssertionError with the seed and the first stories if a promise was broken, or nothing was accepted. */
    public void kept(Duration limit) {
        List<Violation> broken = broken(limit);
        if (!broken.isEmpty()) {
            throw new AssertionError("seed " + seed + ": " + broken.size() + " promises broken of "
                    + history.acceptedCount() + " accepted messages (expected: none):\n"
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
        while (!history.outstanding().isEmpty() && Clock.system().nanos() - began < limit.toNanos()) {
            LockSupport.parkNanos(20_000_000);
        }
        LOG.info("{} accepted, {} of them were outstanding for up to {} ms more", history.acceptedCount(), open,
                (Clock.system().nanos() - began) / 1_000_000);
        LockSupport.parkNanos(AFTERMATH.toNanos());
        try (CenterApi api = product.backend()) {
            for (Story story : history.outstanding()) {
                history.ended(story.payload(), state(api, story));
            }
        }
        return HistoryChecker.check(history);
    }

    private static String state(CenterApi api, Story story) {
        try {
            return api.timeline(story.messageId(), story.endpoint()).state();
        } catch (ApiFailure away) {
            return "unknown: " + away.getMessage();
        }
    }

    private String told(Violation violation) {
        String text = violation.kind() + " " + violation.story();
        Story story = violation.of();
        if (story.messageId().isEmpty()) {
            return text;
        }
        try (CenterApi api = product.backend()) {
            return text + "\n    " + api.timeline(story.messageId(), story.endpoint());
        } catch (ApiFailure away) {
            return text + "\n    no timeline: " + away.getMessage();
        }
    }
}
