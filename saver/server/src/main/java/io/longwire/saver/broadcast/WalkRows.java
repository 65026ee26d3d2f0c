package io.longwire.saver.broadcast;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Walk;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The statements on walks. All block; whoever locks several does it in the order of their keys. */
final class WalkRows {
    static final String COLUMNS = "SELECT broadcast_id, stage, room, done, epoch, center, leased_until, visited, total,"
            + " written, seen, not_in_audience, behind, dropped_after, acked, failed, first_written_at, done_at,"
            + " chunks, passed FROM walk";
    private static final int CHUNK = 100;

    private WalkRows() {
    }

    /**
     * Makes those of them that are missing.
     *
     * @param instances names of rooms by incarnation
     */
    static void make(Connection connection, Collection<WalkRow.Key> keys, Map<Integer, String> instances)
            throws SQLException {
        for (List<WalkRow.Key> some : chunks(keys)) {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO walk (broadcast_id, stage, room,"
                    + " instance) VALUES " + Tuples.of("(?,?,?,?)", some.size())
                    + " ON DUPLICATE KEY UPDATE room = VALUES(room)")) {
                int at = 1;
                for (WalkRow.Key key : some) {
                    at = bind(insert, List.of(key), at);
                    insert.setString(at++, instances.getOrDefault(key.room(), ""));
                }
                insert.executeUpdate();
            }
        }
    }

    /** Makes one for each range of the list that has endpoints. */
    static void makeRanges(Connection connection, Broadcast broadcast, AudienceList list) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO walk (broadcast_id, stage, room, total, chunks) VALUES (?,1,?,?,?)")) {
            for (int range = 0; range < list.getChunksCount(); range++) {
                if (list.getChunks(range) > 0) {
                    insert.setLong(1, broadcast.getBroadcastId());
                    insert.setInt(2, range + 1);
                    insert.setInt(3, list.getSizes(range));
                    insert.setInt(4, list.getChunks(range));
                    insert.executeUpdate();
                }
            }
        }
    }

    static boolean anyOpen(Connection connection, long broadcast) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT 1 FROM walk WHERE broadcast_id = ? AND done = 0 LIMIT 1")) {
            select.setLong(1, broadcast);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Names of the rooms of a broadcast's walks, where they are known. */
    static Map<WalkRow.Key, String> instances(Connection connection, long broadcast) throws SQLException {
        var instances = new HashMap<WalkRow.Key, String>();
        try (PreparedStatement select = connection
                .prepareStatement("SELECT stage, room, instance FROM walk WHERE broadcast_id = ? AND instance <> ''")) {
            select.setLong(1, broadcast);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    instances.put(new WalkRow.Key(broadcast, row.getInt(1), (int) row.getLong(2)), row.getString(3));
                }
            }
        }
        return instances;
    }

    /** Those that there are, locked until the transaction ends, in the order of their keys. */
    static List<WalkRow> lock(Connection connection, Collection<WalkRow.Key> keys) throws SQLException {
        var rows = new ArrayList<WalkRow>();
        for (List<WalkRow.Key> some : chunks(keys)) {
            try (PreparedStatement select = connection.prepareStatement(COLUMNS + " WHERE (broadcast_id, stage, room)"
                    + " IN (" + Tuples.of("(?,?,?)", some.size())
                    + ") ORDER BY broadcast_id, stage, room FOR UPDATE")) {
                bind(select, some, 1);
                rows.addAll(all(select));
            }
        }
        return rows;
    }

    /** Writes rows that are locked. */
    static void write(Connection connection, List<WalkRow> rows) throws SQLException {
        for (int from = 0; from < rows.size(); from += CHUNK) {
            List<WalkRow> some = rows.subList(from, Math.min(rows.size(), from + CHUNK));
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO walk (broadcast_id, stage, room,"
                    + " done, epoch, center, leased_until, visited, total, written, seen, not_in_audience, behind,"
                    + " dropped_after, acked, failed, first_written_at, done_at, chunks, passed) VALUES "
                    + Tuples.of("(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", some.size())
                    + " ON DUPLICATE KEY UPDATE done = VALUES(done), epoch = VALUES(epoch), center = VALUES(center),"
                    + " leased_until = VALUES(leased_until), visited = VALUES(visited), total = VALUES(total),"
                    + " written = VALUES(written), seen = VALUES(seen), not_in_audience = VALUES(not_in_audience),"
                    + " behind = VALUES(behind), dropped_after = VALUES(dropped_after), acked = VALUES(acked),"
                    + " failed = VALUES(failed), first_written_at = VALUES(first_written_at),"
                    + " done_at = VALUES(done_at), passed = VALUES(passed)")) {
                int at = 1;
                for (WalkRow row : some) {
                    at = bind(insert, row, at);
                }
                insert.executeUpdate();
            }
        }
    }

    private static int bind(PreparedStatement insert, WalkRow row, int first) throws SQLException {
        Walk walk = row.walk();
        int at = bind(insert, List.of(row.key()), first);
        insert.setInt(at++, walk.getFinished() ? 1 : walk.getGone() ? 2 : 0);
        insert.setLong(at++, walk.getEpoch());
        insert.setString(at++, row.center());
        insert.setLong(at++, row.leasedUntil());
        insert.setLong(at++, walk.getVisited());
        insert.setLong(at++, walk.getTotal());
        insert.setLong(at++, walk.getWritten());
        insert.setLong(at++, walk.getSeen());
        insert.setLong(at++, walk.getNotInAudience());
        insert.setLong(at++, walk.getBehind());
        insert.setLong(at++, walk.getDroppedAfter());
        insert.setLong(at++, walk.getAcked());
        insert.setBytes(at++, Walk.newBuilder().putAllFailed(walk.getFailedMap()).build().toByteArray());
        insert.setLong(at++, row.firstWritten());
        insert.setLong(at++, row.doneAt());
        insert.setInt(at++, walk.getChunks());
        insert.setInt(at++, walk.getCursor());
        return at;
    }

    private static int bind(PreparedStatement statement, List<WalkRow.Key> keys, int first) throws SQLException {
        int at = first;
        for (WalkRow.Key key : keys) {
            statement.setLong(at++, key.broadcast());
            statement.setInt(at++, key.stage());
            statement.setLong(at++, Integer.toUnsignedLong(key.room()));
        }
        return at;
    }

    private static List<List<WalkRow.Key>> chunks(Collection<WalkRow.Key> keys) {
        List<WalkRow.Key> sorted = keys.stream().distinct().sorted().toList();
        var chunks = new ArrayList<List<WalkRow.Key>>();
        for (int from = 0; from < sorted.size(); from += CHUNK) {
            chunks.add(sorted.subList(from, Math.min(sorted.size(), from + CHUNK)));
        }
        return chunks;
    }

    static List<WalkRow> all(PreparedStatement select) throws SQLException {
        var rows = new ArrayList<WalkRow>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                rows.add(read(row));
            }
        }
        return rows;
    }

    private static WalkRow read(ResultSet row) throws SQLException {
        try {
            Walk walk = Walk.newBuilder().mergeFrom(row.getBytes(16)).setBroadcastId(row.getLong(1))
                    .setStage(row.getInt(2)).setRoomIncarnation((int) row.getLong(3)).setFinished(row.getInt(4) == 1)
                    .setGone(row.getInt(4) == 2).setEpoch(row.getLong(5)).setVisited(row.getLong(8))
                    .setTotal(row.getLong(9)).setWritten(row.getLong(10)).setSeen(row.getLong(11))
                    .setNotInAudience(row.getLong(12)).setBehind(row.getLong(13)).setDroppedAfter(row.getLong(14))
                    .setAcked(row.getLong(15)).setChunks(row.getInt(19)).setCursor(row.getInt(20)).build();
            return new WalkRow(walk, row.getString(6), row.getLong(7), row.getLong(17), row.getLong(18));
        } catch (InvalidProtocolBufferException unreadable) {
            throw new SQLException("walk of broadcast " + row.getLong(1) + ": unreadable", unreadable);
        }
    }
}
