package io.longwire.saver.broadcast;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Pace;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The statements on rows of broadcasts. All block. */
final class BroadcastRows {
    static final String COLUMNS = "SELECT broadcast_id, app, seq, state, version, stage, stage_at, expire_at, reason,"
            + " approved_by, pace, body FROM broadcast";
    /** The most bytes of broadcasts in an answer; a single one is far below. */
    static final int PAGE_BYTES = 1 << 20;
    private static final int ROW_BYTES = 200;
    private static final int CHUNK = 100;

    private BroadcastRows() {
    }

    static void insert(Connection connection, Broadcast broadcast) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO broadcast (broadcast_id, app, seq,"
                + " state, version, stage, stage_at, expire_at, over_at, reason, approved_by, pace, body, list_id)"
                + " VALUES (?,?,?,?,?,?,?,?,0,?,?,?,?,?)")) {
            insert.setLong(1, broadcast.getBroadcastId());
            insert.setInt(2, broadcast.getAppId());
            number(insert, 3, broadcast);
            insert.setInt(4, broadcast.getStateValue());
            insert.setInt(5, broadcast.getVersion());
            insert.setInt(6, broadcast.getStage());
            insert.setLong(7, broadcast.getStageMs());
            insert.setLong(8, broadcast.getExpireAtMs());
            insert.setString(9, broadcast.getReason());
            insert.setString(10, broadcast.getApprovedBy());
            insert.setBytes(11, broadcast.getPace().toByteArray());
            insert.setBytes(12, body(broadcast));
            insert.setLong(13, broadcast.getListId());
            insert.executeUpdate();
        }
        changing(connection);
    }

    private static void number(PreparedStatement statement, int at, Broadcast broadcast) throws SQLException {
        if (broadcast.getSeq() == 0) {
            statement.setNull(at, Types.BIGINT);
        } else {
            statement.setLong(at, broadcast.getSeq());
        }
    }

    // Last in the transaction: from here to its commit no other broadcast is changed.
    static void changing(Connection connection) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE bcast_change SET n = n + 1")) {
            update.executeUpdate();
        }
    }

    /** Writes what changes once at most: the sequence of one that was held, and a canary that was overruled. */
    static void rewrite(Connection connection, Broadcast broadcast) throws SQLException {
        try (PreparedStatement update = connection
                .prepareStatement("UPDATE broadcast SET seq = ?, body = ? WHERE broadcast_id = ?")) {
            number(update, 1, broadcast);
            update.setBytes(2, body(broadcast));
            update.setLong(3, broadcast.getBroadcastId());
            update.executeUpdate();
        }
    }

    private static byte[] body(Broadcast broadcast) {
        return broadcast.toBuilder().clearBroadcastId().clearAppId().clearSeq().clearState().clearVersion()
                .clearStage().clearStageMs().clearExpireAtMs().clearReason().clearApprovedBy().clearPace().build()
                .toByteArray();
    }

    /** Writes what may change of it. */
    static void update(Connection connection, Broadcast broadcast, long now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE broadcast SET state = ?, version = ?,"
                + " stage = ?, stage_at = ?, over_at = ?, reason = ?, approved_by = ?, pace = ?,"
                + " changed_at = ? WHERE broadcast_id = ?")) {
            update.setInt(1, broadcast.getStateValue());
            update.setInt(2, broadcast.getVersion());
            update.setInt(3, broadcast.getStage());
            update.setLong(4, broadcast.getStageMs());
            update.setLong(5, BroadcastRules.isOver(broadcast.getState()) ? now : 0);
            update.setString(6, broadcast.getReason());
            update.setString(7, broadcast.getApprovedBy());
            update.setBytes(8, broadcast.getPace().toByteArray());
            update.setLong(9, now);
            update.setLong(10, broadcast.getBroadcastId());
            update.executeUpdate();
        }
        changing(connection);
    }

    /** The broadcast, or one in state ABSENT; app 0 = whichever app's. */
    static Broadcast get(Connection connection, int app, long id) throws SQLException {
        return get(connection, app, id, "");
    }

    /** As get; nobody else changes it until the transaction ends. */
    static Broadcast lock(Connection connection, int app, long id) throws SQLException {
        return get(connection, app, id, " FOR UPDATE");
    }

    private static Broadcast get(Connection connection, int app, long id, String how) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement(COLUMNS + " WHERE broadcast_id = ? AND (? = 0 OR app = ?)" + how)) {
            select.setLong(1, id);
            select.setInt(2, app);
            select.setInt(3, app);
            List<Broadcast> found = page(select);
            return found.isEmpty() ? Broadcast.getDefaultInstance() : found.getFirst();
        }
    }

    /** Those of these that there are, by id. */
    static Map<Long, Broadcast> all(Connection connection, Collection<Long> ids) throws SQLException {
        var found = new HashMap<Long, Broadcast>();
        List<Long> sorted = ids.stream().sorted().toList();
        for (int from = 0; from < sorted.size(); from += CHUNK) {
            List<Long> some = sorted.subList(from, Math.min(sorted.size(), from + CHUNK));
            try (PreparedStatement select = connection.prepareStatement(
                    COLUMNS + " WHERE broadcast_id IN (" + Tuples.of("?", some.size()) + ")")) {
                for (int i = 0; i < some.size(); i++) {
                    select.setLong(1 + i, some.get(i));
                }
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        Broadcast read = record(row);
                        found.put(read.getBroadcastId(), read);
                    }
                }
            }
        }
        return found;
    }

    /** Those of rooms or lists that were changed after that time, the latest first; as many as fit into an answer. */
    static List<Broadcast> changed(Connection connection, long after) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                COLUMNS + " WHERE changed_at > ? AND (seq > 0 OR list_id <> 0) ORDER BY changed_at DESC LIMIT "
                        + CHUNK)) {
            select.setLong(1, after);
            return page(select);
        }
    }

    /** As many as fit into an answer, at least one. */
    static List<Broadcast> page(PreparedStatement select) throws SQLException {
        var page = new ArrayList<Broadcast>();
        int bytes = 0;
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Broadcast read = record(row);
                bytes += read.getSerializedSize() + ROW_BYTES;
                if (bytes > PAGE_BYTES && !page.isEmpty()) {
                    break;
                }
                page.add(read);
            }
        }
        return page;
    }

    private static Broadcast record(ResultSet row) throws SQLException {
        try {
            var record = Broadcast.newBuilder().mergeFrom(row.getBytes(12)).setBroadcastId(row.getLong(1))
                    .setAppId(row.getInt(2)).setSeq(row.getLong(3)).setStateValue(row.getInt(4))
                    .setVersion((int) row.getLong(5)).setStage(row.getInt(6)).setStageMs(row.getLong(7))
                    .setExpireAtMs(row.getLong(8)).setReason(row.getString(9)).setApprovedBy(row.getString(10));
            byte[] pace = row.getBytes(11);
            return pace.length == 0 ? record.build() : record.setPace(Pace.parseFrom(pace)).build();
        } catch (InvalidProtocolBufferException unreadable) {
            throw new SQLException("broadcast " + row.getLong(1) + ": unreadable", unreadable);
        }
    }
}
