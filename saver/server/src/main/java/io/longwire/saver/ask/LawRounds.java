package io.longwire.saver.ask;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.How;
import io.longwire.saver.cold.ColdSlots;
import io.longwire.saver.due.WorkedSlots;
import io.longwire.saver.ledger.IdAge;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.watch.Rounds;
import io.longwire.saver.watch.SaverMetric;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans each half hour of ids once for the conservation law, as soon as no row can come into it any more, and shows
 * what it found as gauges until the next one. The saver that works slot 0 does it; one that takes over begins with the
 * last closed half hour. A gap is logged: somebody must look. A live message that is in no inbox, as an append leaves
 * it that died before its answer, is logged and its slot marked COLD: it is served from the ledger, and repair puts it
 * where it belongs. Works on a virtual thread.
 */
public final class LawRounds {
    private static final Logger LOG = LoggerFactory.getLogger(LawRounds.class);
    static final Duration HALF_HOUR = Duration.ofMinutes(30);
    /** Ids older than 10 min are refused, a frozen saver's connection is dead after 10 more. */
    static final Duration CLOSED_AFTER = Duration.ofMillis(IdAge.STALE_MILLIS).plusMinutes(11);

    private final WorkedSlots worked;
    private final ConservationScan scan;
    private final ColdSlots cold;
    private final Clock clock;
    private final Metrics metrics;
    private volatile Conservation last = Conservation.getDefaultInstance();
    private volatile long until; // unix ms: up to there everything was scanned; 0 = nothing here

    public LawRounds(WorkedSlots worked, ConservationScan scan, ColdSlots cold, Clock clock, Metrics metrics) {
        this.worked = worked;
        this.scan = scan;
        this.cold = cold;
        this.clock = clock;
        this.metrics = metrics;
        metrics.gauge(SaverMetric.LAW_ROWS, () -> last.getRows());
        metrics.gauge(SaverMetric.LAW_LIVE, () -> last.getLive());
        metrics.gauge(SaverMetric.LAW_GAP, () -> last.getGap());
        metrics.gauge(SaverMetric.LAW_HIDDEN, () -> last.getHidden());
        metrics.gauge(SaverMetric.LAW_UNTIL, () -> until / 1_000);
    }

    /** Looks once a minute whether a half hour has closed. The caller closes it. */
    public Rounds start() {
        return new Rounds("law", clock, Duration.ofMinutes(1), this::round,
                () -> metrics.counter(SaverMetric.LAW_FAILURES).increment());
    }

    /** Scans what has closed since the last one; {@link #start} does it. Blocks. */
    void round() throws SQLException {
        if (!worked.has(0)) {
            last = Conservation.getDefaultInstance(); // another saver's gauges count now
            until = 0;
            return;
        }
        long half = HALF_HOUR.toMillis();
        long closed = (clock.wallMillis() - CLOSED_AFTER.toMillis()) / half * half;
        if (until == 0) {
            until = closed - half;
        }
        for (long from = until; from < closed; from += half) {
            scan(from, from + half);
            until = from + half;
        }
    }

    private void scan(long from, long to) throws SQLException {
        var hidden = new HashMap<Integer, MessageKey>(); // the oldest of each slot
        Conservation found = scan.scan(ConservationRequest.newBuilder().setFromMs(from).setToMs(to).build(),
                key -> hidden.merge(key.slot(), key, LawRounds::older));
        // Waited for: what is not marked now is looked for again, as the round fails.
        hidden.values().stream().map(cold::mark).toList().forEach(CompletableFuture::join);
        last = found;
        found.getEndedMap().forEach((how, n) -> metrics.counter(SaverMetric.LAW_ENDED, "how", how).add(n));
        if (found.getHidden() != 0) {
            LOG.warn("conservation: ids from {} to {}: {} of {} live messages were in no inbox (expected: none, unless"
                    + " an append died before its answer); their slots are COLD now, repair puts them there", from, to,
                    found.getHidden(), found.getLive());
        }
        if (found.getGap() != 0) {
            metrics.counter(SaverMetric.CONSERVATION_GAP).add(Math.max(1, found.getGap()));
            LOG.warn("conservation: ids from {} to {}: {} of {} rows neither ended nor live ({} live; ended {})", from,
                    to, found.getGap(), found.getRows(), found.getLive(), ended(found));
        }
    }

    private static MessageKey older(MessageKey one, MessageKey other) {
        return one.message() <= other.message() ? one : other;
    }

    private static List<String> ended(Conservation found) {
        var ended = new ArrayList<String>();
        for (How how : How.values()) {
            if (how != How.UNRECOGNIZED && found.containsEnded(how.name())) {
                ended.add(how + " " + found.getEndedOrDefault(how.name(), 0));
            }
        }
        return ended;
    }
}
