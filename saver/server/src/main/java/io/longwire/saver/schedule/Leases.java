package io.longwire.saver.schedule;

import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.LeaseSchedulesRequest;
import io.longwire.rpc.saver.ListSchedulesReply;
import io.longwire.rpc.saver.Schedule;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives due schedules to whoever asks, each to one at a time: rows that another caller is taking are passed over
 * (SKIP LOCKED), and taken ones are not due until their lease has run out. A shard that cannot be asked is left out;
 * the call fails only if none answered.
 */
public final class Leases {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
    private static final int MOST = 500;
    private static final int LONGEST_MILLIS = 10 * 60_000;

    private final Shards shards;
    private final ColdCalls calls;
    private final Clock clock;
    private final AtomicInteger first = new AtomicInteger(); // shard; so that none is always the last to be asked

    public Leases(Shards shards, ColdCalls calls, Clock clock) {
        this.shards = shards;
        this.calls = calls;
        this.clock = clock;
    }

    /** Up to {@code limit} due schedules, the most overdue of each shard first. Fails with StoreFailure. */
    public CompletableFuture<ListSchedulesReply> lease(LeaseSchedulesRequest request) {
        int limit = request.getLimit() <= 0 ? MOST : Math.min(request.getLimit(), MOST);
        long now = request.getNowMs() == 0 ? clock.wallMillis() : request.getNowMs();
        int millis = request.getLeaseMs();
        if (millis < 1_000 || millis > LONGEST_MILLIS) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(
                    "lease_ms: " + millis + " (expected: 1000 to " + LONGEST_MILLIS + ")"));
        }
        return calls.call(() -> {
            var leased = ListSchedulesReply.newBuilder();
            SQLException failed = null;
            int answered = 0;
            int count = shards.list().size();
            int from = Math.floorMod(first.getAndIncrement(), count);
            for (int i = 0; i < count && leased.getSchedulesCount() < limit; i++) {
                Shard shard = shards.list().get((from + i) % count);
                try {
                    leased.addAllSchedules(lease(shard, now, millis, limit - leased.getSchedulesCount()));
                    answered++;
                } catch (SQLException trouble) {
                    LOG.debug("ledger {}: due schedules not read", shard.number(), trouble);
                    failed = trouble;
                }
            }
            if (failed != null && answered == 0) {
                throw failed;
            }
            return leased.build();
        });
    }

    private static List<Schedule> lease(Shard shard, long now, int millis, int limit) throws SQLException {
        try (Connection connection = shard.connect()) {
            connection.setAutoCommit(false);
            try {
                List<Schedule> due = due(connection, now, limit);
                if (!due.isEmpty()) {
                    take(connection, due, now + millis);
                }
                connection.commit();
                return due;
            } catch (SQLException failed) {
                connection.rollback();
                throw failed;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private static List<Schedule> due(Connection connection, long now, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(ScheduleRows.COLUMNS + " WHERE state = 1"
                + " AND next_fire <= ? AND leased_until <= ? ORDER BY next_fire LIMIT " + limit
                + " FOR UPDATE SKIP LOCKED")) {
            select.setLong(1, now);
            select.setLong(2, now);
            return new ArrayList<>(ScheduleRows.all(select));
        }
    }

    private static void take(Connection connection, List<Schedule> due, long until) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE schedule SET leased_until = ?"
                + " WHERE schedule_id IN (" + Tuples.of("?", due.size()) + ")")) {
            update.setLong(1, until);
            for (int i = 0; i < due.size(); i++) {
                update.setLong(2 + i, due.get(i).getScheduleId());
            }
            update.executeUpdate();
        }
    }
}
