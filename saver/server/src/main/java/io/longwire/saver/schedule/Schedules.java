package io.longwire.saver.schedule;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.ListSchedulesReply;
import io.longwire.rpc.saver.ListSchedulesRequest;
import io.longwire.rpc.saver.Schedule;
import io.longwire.rpc.saver.ScheduleRequest;
import io.longwire.rpc.saver.SettleScheduleRequest;
import io.longwire.saver.append.RequestKeys;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.StoreFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/**
 * Schedules in the ledger, sharded by a hash of their id. A settle names the fire time that was worked and changes
 * nothing if the schedule has gone on since, so it may be repeated, and come late. Nothing blocks the caller; futures
 * fail with StoreFailure or IllegalArgumentException.
 */
public final class Schedules {
    private static final int MAX_REQUEST = 64 << 10;
    private static final int MOST = 500;
    private static final int MAX_PROBLEM = 500;
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private final Shards shards;
    private final RequestKeys keys;
    private final ColdCalls calls;
    private final Clock clock;
    private final Room room;

    public Schedules(Shards shards, RequestKeys keys, ColdCalls calls, Clock clock) {
        this.shards = shards;
        this.keys = keys;
        this.calls = calls;
        this.clock = clock;
        this.room = new Room(shards.list().size(), clock);
    }

    private Shard shard(long id) {
        return shards.of(Slots.of((id * GOLDEN) >>> (Long.SIZE - 12)));
    }

    /**
     * Keeps a schedule; it fires whatever dies afterwards. With an idempotency key used before, the one that stands
     * is answered, whatever its body (ABSENT without a body hash if only its key is there).
     */
    public CompletableFuture<Schedule> put(Schedule schedule) {
        try {
            check(schedule);
        } catch (IllegalArgumentException wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
        if (!schedule.hasIdempotency()) {
            return calls.call(() -> insert(schedule));
        }
        return keys.claim(schedule.getAppId(), schedule.getIdempotency(), schedule.getScheduleId(),
                old -> calls.call(() -> find(schedule.getAppId(), old).getScheduleId() != 0))
                .thenCompose(claim -> switch (claim.getCode()) {
                    case STORE -> calls
                            .call(() -> insert(schedule.toBuilder().setScheduleId(claim.getMessageId()).build()))
                            .thenApply(kept -> {
                                keys.settleLater(schedule.getAppId(), schedule.getIdempotency(),
                                        claim.getMessageId());
                                return kept;
                            });
                    case DUPLICATE, CONFLICT -> calls.call(() -> find(schedule.getAppId(), claim.getMessageId()));
                    default -> CompletableFuture.failedFuture(new StoreFailure(StoreFailure.Kind.UNAVAILABLE,
                            "idempotency: the ledger does not answer"));
                });
    }

    private static void check(Schedule schedule) {
        if (schedule.getScheduleId() == 0 || schedule.getAppId() == 0 || schedule.getNextFireMs() <= 0) {
            throw new IllegalArgumentException("schedule_id, app_id, next_fire_ms: " + schedule.getScheduleId() + ", "
                    + schedule.getAppId() + ", " + schedule.getNextFireMs() + " (expected: not 0)");
        }
        if (schedule.getState() != Schedule.State.ACTIVE && schedule.getState() != Schedule.State.PAUSED) {
            throw new IllegalArgumentException("state: " + schedule.getState() + " (expected: ACTIVE or PAUSED)");
        }
        if (schedule.getRequest().size() > MAX_REQUEST) {
            throw new IllegalArgumentException(
                    "request: " + schedule.getRequest().size() + " bytes (expected: at most " + MAX_REQUEST + ")");
        }
    }

    private Schedule insert(Schedule schedule) throws SQLException {
        try (Connection connection = shard(schedule.getScheduleId()).connect()) {
            Schedule there = ScheduleRows.get(connection, schedule.getAppId(), schedule.getScheduleId());
            if (there.getScheduleId() != 0) {
                return there;
            }
            room.take(connection, schedule.getAppId());
            ScheduleRows.insert(connection, schedule, clock.wallMillis());
            return ScheduleRows.get(connection, schedule.getAppId(), schedule.getScheduleId());
        }
    }

    private Schedule find(int app, long id) throws SQLException {
        try (Connection connection = shard(id).connect()) {
            return ScheduleRows.get(connection, app, id);
        }
    }

    /** Looks, or changes the state: between ACTIVE and PAUSED, or to DELETED for good. ABSENT = there is none. */
    public CompletableFuture<Schedule> get(ScheduleRequest request) {
        return calls.call(() -> {
            try (Connection connection = shard(request.getScheduleId()).connect()) {
                switch (request.getState()) {
                    case ACTIVE, PAUSED -> change(connection, request, "(1, 2)");
                    case DELETED -> change(connection, request, "(1, 2, 3)");
                    case ABSENT -> { // only looks
                    }
                    default -> throw new IllegalArgumentException(
                            "state: " + request.getState() + " (expected: ACTIVE, PAUSED or DELETED)");
                }
                return ScheduleRows.get(connection, request.getAppId(), request.getScheduleId());
            }
        });
    }

    private void change(Connection connection, ScheduleRequest request, String from) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE schedule SET state = ?,"
                + " version = version + 1, changed_at = ? WHERE schedule_id = ? AND app = ? AND state <> ?"
                + " AND state IN " + from)) {
            update.setInt(1, request.getStateValue());
            update.setLong(2, clock.wallMillis());
            update.setLong(3, request.getScheduleId());
            update.setInt(4, request.getAppId());
            update.setInt(5, request.getStateValue());
            update.executeUpdate();
        }
    }

    /** By id, those behind {@code after_id}; deleted ones are not listed. */
    public CompletableFuture<ListSchedulesReply> list(ListSchedulesRequest request) {
        int limit = request.getLimit() <= 0 ? MOST : Math.min(request.getLimit(), MOST);
        return calls.call(() -> {
            var page = new SchedulePage(limit);
            for (Shard shard : shards.list()) {
                try (Connection connection = shard.connect();
                        PreparedStatement select = connection.prepareStatement(ScheduleRows.COLUMNS
                                + " WHERE app = ? AND schedule_id > ? AND state <> 4 ORDER BY schedule_id LIMIT "
                                + limit)) {
                    select.setInt(1, request.getAppId());
                    select.setLong(2, request.getAfterId());
                    page.add(ScheduleRows.all(select));
                }
            }
            return ListSchedulesReply.newBuilder().addAllSchedules(page.schedules()).build();
        });
    }

    /** A fire was worked: the schedule goes on with its next time, or is done. Answers it as it is now. */
    public CompletableFuture<Schedule> settle(SettleScheduleRequest request) {
        return calls.call(() -> {
            try (Connection connection = shard(request.getScheduleId()).connect()) {
                settle(connection, request);
                return ScheduleRows.get(connection, request.getAppId(), request.getScheduleId());
            }
        });
    }

    // The condition on next_fire is looked at before anything is assigned.
    private void settle(Connection connection, SettleScheduleRequest request) throws SQLException {
        String problem = request.getProblem();
        try (PreparedStatement update = connection.prepareStatement("UPDATE schedule SET"
                + " state = IF(? = 0 AND state IN (1, 2), 3, state), last_fire = ?,"
                + " last_message = IF(? = 0, last_message, ?), last_problem = ?, fired = fired + ?,"
                + " version = version + 1, leased_until = 0, changed_at = ?, next_fire = ?"
                + " WHERE schedule_id = ? AND app = ? AND next_fire = ?")) {
            update.setLong(1, request.getNextFireMs());
            update.setLong(2, request.getFiredMs());
            update.setLong(3, request.getMessageId());
            update.setLong(4, request.getMessageId());
            update.setString(5, problem.length() <= MAX_PROBLEM ? problem : problem.substring(0, MAX_PROBLEM));
            update.setInt(6, problem.isEmpty() || request.getMessageId() != 0 ? 1 : 0);
            update.setLong(7, clock.wallMillis());
            update.setLong(8, request.getNextFireMs());
            update.setLong(9, request.getScheduleId());
            update.setInt(10, request.getAppId());
            update.setLong(11, request.getFiredMs());
            update.executeUpdate();
        }
    }
}
