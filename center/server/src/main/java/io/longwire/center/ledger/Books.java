package io.longwire.center.ledger;

import io.longwire.center.access.FairBound;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.center.Conservation;
import io.longwire.rpc.center.ConservationRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * The conservation law over the messages accepted in a time: rows = those that ended, by how, + live ones; anything
 * left is the gap. An answer is one scan of the ledger and takes up to 30 s, so at most {@value #MAX_SCANS} run
 * from here at once, and no app takes them all. Thread-safe, never blocks.
 */
public final class Books {
    static final int MAX_SCANS = 3;

    private static final Duration USUAL = Duration.ofHours(1);
    private static final Duration MOST = Duration.ofHours(24);

    private final ConservationStore store;
    private final Clock clock;
    private final FairBound scans = new FairBound(MAX_SCANS);

    public Books(ConservationStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** @param appId 0 = all apps */
    public CompletableFuture<Conservation> conservation(int appId, ConservationRequest request) {
        long now = clock.wallMillis();
        long to = request.getTo().isEmpty() ? now : time("to", request.getTo());
        long from = request.getFrom().isEmpty() ? to - USUAL.toMillis() : time("from", request.getFrom());
        if (to > now) {
            throw Refused.invalid("to", request.getTo(), "a time that has passed");
        }
        if (from >= to || to - from > MOST.toMillis()) {
            throw Refused.invalid("from", request.getFrom().isEmpty() ? "missing" : request.getFrom(),
                    "before to, by at most " + MOST.toHours() + " h");
        }
        if (!scans.enter(appId)) {
            throw Refused.later(Why.BUSY, "scans: " + scans.inside() + " under way (expected: fewer)",
                    Duration.ofSeconds(5));
        }
        return scan(appId, from, to).whenComplete((answer, failure) -> scans.leave(appId));
    }

    private CompletableFuture<Conservation> scan(int appId, long from, long to) {
        return store.conservation(io.longwire.rpc.saver.ConservationRequest.newBuilder().setAppId(appId)
                .setFromMs(from).setToMs(to).build()).thenApply(found -> {
                    var answer = Conservation.newBuilder().setRows(found.getRows()).setLive(found.getLive())
                            .setGap(found.getGap()).setHidden(found.getHidden()).setFromMs(from).setToMs(to);
                    found.getEndedMap().forEach((how, count) -> answer.putEnded(how.toLowerCase(Locale.ROOT), count));
                    return answer.build();
                });
    }

    private static long time(String field, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException wrong) {
            throw Refused.invalid(field, text, "a time such as 2027-01-31T09:30:00Z");
        }
    }
}
