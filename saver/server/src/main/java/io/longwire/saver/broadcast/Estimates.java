package io.longwire.saver.broadcast;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.room.client.audience.CompiledAudience;
import io.longwire.room.client.audience.ProfileCondition;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.saver.EstimateReply;
import io.longwire.rpc.saver.EstimateRequest;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * How many endpoints of an app may be in an audience: counted in some slots taken by chance, which hold a known part
 * of all. What only a connected phone tells counts as holding. A page at a time by the primary key, whoever's the rows
 * are, so that an app with few endpoints among many costs no more than another; it ends after 2 s or
 * {@value #MOST_ROWS} rows, with the slots that are whole by then. Blocks a cold call.
 */
public final class Estimates {
    private static final int DEFAULT_SLOTS = 16;
    private static final int PAGE = 2_000;
    private static final int MOST_ROWS = 200_000;
    private static final Duration TIME = Duration.ofSeconds(2);

    private final Shards shards;
    private final ColdCalls calls;
    private final Clock clock;
    private final Metrics metrics;

    public Estimates(Shards shards, ColdCalls calls, Clock clock, Metrics metrics) {
        this.shards = shards;
        this.calls = calls;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Counts in so many slots, or in fewer. Fails with IllegalArgumentException or StoreFailure. */
    public CompletableFuture<EstimateReply> estimate(EstimateRequest request) {
        int slots = request.getSlots() == 0 ? DEFAULT_SLOTS : request.getSlots();
        CompiledAudience audience;
        try {
            audience = CompiledAudience.compile(request.getAudience());
        } catch (IllegalArgumentException wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
        if (slots < 0 || slots > Slots.COUNT) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(
                    "slots: " + Integer.toUnsignedString(slots) + " (expected: at most " + Slots.COUNT + ")"));
        }
        return calls.call(() -> new Look(request.getAppId(), audience).through(chosen(slots)));
    }

    private static List<Integer> chosen(int count) {
        var all = new ArrayList<>(IntStream.range(0, Slots.COUNT).boxed().toList());
        Collections.shuffle(all, ThreadLocalRandom.current());
        return all.subList(0, count);
    }

    /** One estimate, on one thread. */
    private final class Look {
        private final int app;
        private final CompiledAudience audience;
        private final List<Audience> conditions;
        private final String sql;
        private final long until = clock.nanos() + TIME.toNanos();
        private final EstimateReply.Builder reply = EstimateReply.newBuilder();
        private long rows;
        private long endpoints; // of the slot
        private long matching;

        Look(int app, CompiledAudience audience) {
            this.app = app;
            this.audience = audience;
            this.conditions = audience.profileConditions();
            String page = "(SELECT slot, ep, app, state, seen_at, prev_seen_at, login_at FROM endpoint"
                    + " FORCE INDEX (PRIMARY) WHERE slot = ? AND ep >= ? ORDER BY ep LIMIT " + PAGE + ") e";
            this.sql = "SELECT e.ep, e.app = ? AND e.state = 1, " + Away.COLUMNS + ", "
                    + (conditions.isEmpty()
                            ? "NULL FROM " + page
                            : "p.body FROM " + page + " LEFT JOIN profile p ON p.slot = e.slot AND p.ep = e.ep"
                                    + " AND p.app = ?")
                    + " ORDER BY e.ep";
        }

        EstimateReply through(List<Integer> slots) throws SQLException {
            for (int slot : slots) {
                if (!whole(slot)) {
                    break;
                }
                reply.setSlots(reply.getSlots() + 1).setEndpoints(reply.getEndpoints() + endpoints)
                        .setMatching(reply.getMatching() + matching).addMatchingBySlot(matching);
            }
            metrics.counter(SaverMetric.ESTIMATED_ENDPOINTS).add(rows);
            if (reply.getSlots() == 0) {
                throw new StoreFailure(StoreFailure.Kind.UNAVAILABLE,
                        "estimate: no slot was looked through within " + TIME.toSeconds() + " s");
            }
            return reply.build();
        }

        private boolean whole(int slot) throws SQLException {
            endpoints = 0;
            matching = 0;
            long next = Long.MIN_VALUE;
            try (Connection connection = shards.of(slot).connectForJob()) {
                while (clock.nanos() - until < 0 && (rows < MOST_ROWS || reply.getSlots() == 0)) {
                    long last = page(connection, slot, next);
                    if (last == Long.MAX_VALUE) {
                        return true;
                    }
                    next = last + 1;
                }
            }
            return false;
        }

        /** Counts a page; the last endpoint of it, or the largest number if there is none behind. */
        private long page(Connection connection, int slot, long from) throws SQLException {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setInt(1, app);
                select.setInt(2, slot);
                select.setLong(3, from);
                if (!conditions.isEmpty()) {
                    select.setInt(4, app);
                }
                int read = 0;
                long last = from;
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        read++;
                        last = row.getLong(1);
                        if (row.getBoolean(2)) {
                            count(row);
                        }
                    }
                }
                rows += read;
                return read < PAGE ? Long.MAX_VALUE : last;
            }
        }

        private void count(ResultSet row) throws SQLException {
            long endpoint = row.getLong(1);
            int bits = conditions.isEmpty()
                    ? 0
                    : ProfileCondition.bits(conditions, Matches.profile(endpoint, row.getBytes(6)),
                            Away.read(row, 3).days(0));
            endpoints++;
            matching += audience.mayMatchOffline(endpoint, bits) ? 1 : 0;
        }
    }
}
