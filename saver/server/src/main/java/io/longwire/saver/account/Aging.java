package io.longwire.saver.account;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.saver.due.WorkedSlots;
import io.longwire.saver.keep.SameTime;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.watch.Rounds;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Endpoints that nobody has seen for 270 days become gone; gone ones are erased 29 days later. A round a minute looks
 * at a few slots, those that this saver works, so that all are looked at within 6 h. What a round leaves, because a
 * slot has more than {@value #CHUNK} or a store failed, the next one finds. A saver whose clock differs from the
 * database's deletes nothing. Works on a virtual thread.
 */
public final class Aging {
    static final Duration UNSEEN = Duration.ofDays(270);
    static final Duration KEPT = Duration.ofDays(29); // and 6 h until its slot's turn: within 30 days
    private static final Logger LOG = LoggerFactory.getLogger(Aging.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final int SLOTS_A_ROUND = 12;
    private static final int CHUNK = 500;
    private static final int DELETED_AT_ONCE = 20;

    private final WorkedSlots worked;
    private final Shards shards;
    private final SameTime time;
    private final Deletion deletion;
    private final Erasure erasure;
    private final Clock clock;
    private final Metrics metrics;
    private int next; // slot; rounds never overlap

    public Aging(WorkedSlots worked, Shards shards, SameTime time, Deletion deletion, Erasure erasure, Clock clock,
            Metrics metrics) {
        this.worked = worked;
        this.shards = shards;
        this.time = time;
        this.deletion = deletion;
        this.erasure = erasure;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Rounds once a minute. The caller closes it. */
    public Rounds start() {
        return new Rounds("aging", clock, PERIOD, this::round,
                () -> metrics.counter(SaverMetric.AGING_FAILURES).increment());
    }

    private void round() throws SQLException, InterruptedException {
        for (int i = 0; i < SLOTS_A_ROUND; i++) {
            int slot = next;
            next = (next + 1) % Slots.COUNT;
            if (worked.has(slot)) {
                work(slot);
            }
        }
    }

    /** Looks at one slot. Blocks. */
    void work(int slot) throws SQLException, InterruptedException {
        long now = clock.wallMillis();
        long before = now - UNSEEN.toMillis();
        List<Long> unseen = find(slot, "state = 1 AND seen_at < ?", before);
        for (int from = 0; from < unseen.size(); from += DELETED_AT_ONCE) {
            delete(unseen.subList(from, Math.min(unseen.size(), from + DELETED_AT_ONCE)), before);
        }
        List<Long> gone = find(slot, "state = 2 AND gone_at < ?", now - KEPT.toMillis());
        if (!gone.isEmpty()) {
            for (long endpoint : gone) {
                erasure.erase(endpoint);
            }
            erasure.forget(slot, gone);
            metrics.counter(SaverMetric.ENDPOINTS_ERASED).add(gone.size());
            LOG.info("slot {}: {} gone endpoints erased", slot, gone.size());
        }
    }

    private void delete(List<Long> endpoints, long seenBefore) throws InterruptedException {
        var deleted = endpoints.stream().map(endpoint -> deletion.delete(endpoint, 0, seenBefore)).toList();
        for (var each : deleted) {
            try {
                if (each.get(10, TimeUnit.SECONDS).getState() == EndpointRecord.State.GONE) {
                    metrics.counter(SaverMetric.ENDPOINTS_UNSEEN).increment();
                }
            } catch (ExecutionException | TimeoutException failed) {
                throw StoreFailure.of(failed);
            }
        }
    }

    private List<Long> find(int slot, String which, long before) throws SQLException {
        var found = new ArrayList<Long>();
        try (Connection connection = shards.of(slot).connectForJob();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT ep FROM endpoint WHERE slot = ? AND " + which + " LIMIT " + CHUNK)) {
            select.setInt(1, slot);
            select.setLong(2, before);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getLong(1));
                }
            }
            if (!found.isEmpty()) {
                time.check(connection);
            }
        }
        return found;
    }
}
