package io.longwire.saver.schedule;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.Idempotency;
import io.longwire.rpc.saver.Schedule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The statements on schedules of one shard. All block. */
final class ScheduleRows {
    static final String COLUMNS = "SELECT schedule_id, app, state, cron, zone, next_fire, request, created_at,"
            + " last_fire, last_message, fired, last_problem, until_at, label, version, body_hash FROM schedule";

    static final int MAX_BYTES = 2 << 20;
    private static final int ROW_BYTES = 400;

    private ScheduleRows() {
    }

    /** The first row of an id stays. */
    static void insert(Connection connection, Schedule schedule, long now) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO schedule (schedule_id, app, state,"
                + " cron, zone, next_fire, request, created_at, last_fire, last_message, fired, last_problem, until_at,"
                + " label, version, leased_until, body_hash, changed_at) VALUES (?,?,?,?,?,?,?,?,0,0,0,'',?,?,1,0,?,?)"
                + " ON DUPLICATE KEY UPDATE schedule_id = VALUES(schedule_id)")) {
            insert.setLong(1, schedule.getScheduleId());
            insert.setInt(2, schedule.getAppId());
            insert.setInt(3, schedule.getStateValue());
            insert.setString(4, schedule.getCron());
            insert.setString(5, schedule.getZone());
            insert.setLong(6, schedule.getNextFireMs());
            insert.setBytes(7, schedule.getRequest().toByteArray());
            insert.setLong(8, schedule.getCreatedMs() == 0 ? now : schedule.getCreatedMs());
            insert.setLong(9, schedule.getUntilMs());
            insert.setString(10, schedule.getLabel());
            insert.setBytes(11, schedule.getIdempotency().getBodyHash().toByteArray());
            insert.setLong(12, now);
            insert.executeUpdate();
        }
    }

    /** The schedule, or one in state ABSENT; app 0 = whichever app's. */
    static Schedule get(Connection connection, int app, long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + " WHERE schedule_id = ?")) {
            select.setLong(1, id);
            List<Schedule> found = all(select);
            return found.isEmpty() || (app != 0 && found.getFirst().getAppId() != app)
                    ? Schedule.getDefaultInstance()
                    : found.getFirst();
        }
    }

    /** As many as fit into an answer, at least one. */
    static List<Schedule> all(PreparedStatement select) throws SQLException {
        var schedules = new ArrayList<Schedule>();
        int bytes = 0;
        try (ResultSet row = select.executeQuery()) {
            while (row.next() && (bytes < MAX_BYTES || schedules.isEmpty())) {
                Schedule read = record(row);
                bytes += bytes(read);
                schedules.add(read);
            }
        }
        return schedules;
    }

    /** What it takes in an answer, about. */
    static int bytes(Schedule schedule) {
        return schedule.getRequest().size() + ROW_BYTES;
    }

    private static Schedule record(ResultSet row) throws SQLException {
        var record = Schedule.newBuilder().setScheduleId(row.getLong(1)).setAppId(row.getInt(2))
                .setStateValue(row.getInt(3)).setCron(row.getString(4)).setZone(row.getString(5))
                .setNextFireMs(row.getLong(6)).setRequest(ByteString.copyFrom(row.getBytes(7)))
                .setCreatedMs(row.getLong(8)).setLastFireMs(row.getLong(9)).setLastMessageId(row.getLong(10))
                .setFired(row.getLong(11)).setLastProblem(row.getString(12)).setUntilMs(row.getLong(13))
                .setLabel(row.getString(14)).setVersion((int) row.getLong(15));
        byte[] body = row.getBytes(16);
        return body.length == 0
                ? record.build()
                : record.setIdempotency(Idempotency.newBuilder().setBodyHash(ByteString.copyFrom(body))).build();
    }
}
