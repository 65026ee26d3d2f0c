package io.longwire.saver.list;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.BadLine;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** The statements on rows of lists. All block. */
final class ListRows {
    static final String COLUMNS = "SELECT list_id, app, state, idem, label, created_at, expire_at, parts, line_count,"
            + " bad, endpoints, sealed, given, version FROM audience_list";

    private ListRows() {
    }

    /** Answers the new one's id; the row of a key that is there already stays, and 0 is answered. */
    static long insert(Connection connection, AudienceList list) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO audience_list (app, state, idem,"
                + " label, created_at, expire_at, sealed) VALUES (?,?,?,?,?,?,'')"
                + " ON DUPLICATE KEY UPDATE app = VALUES(app)", Statement.RETURN_GENERATED_KEYS)) {
            byte[] key = ListRules.key(list);
            insert.setInt(1, list.getAppId());
            insert.setInt(2, list.getStateValue());
            insert.setBytes(3, key.length == 0 ? null : key);
            insert.setString(4, list.getLabel());
            insert.setLong(5, list.getCreatedMs());
            insert.setLong(6, list.getExpireAtMs());
            if (insert.executeUpdate() == 0) {
                return 0;
            }
            try (ResultSet given = insert.getGeneratedKeys()) {
                return given.next() ? given.getLong(1) : 0;
            }
        }
    }

    /** The list under this key, or an absent one. */
    static ListRow byKey(Connection connection, int app, byte[] key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + " WHERE app = ? AND idem = ?")) {
            select.setInt(1, app);
            select.setBytes(2, key);
            return one(select);
        }
    }

    /** The list, or an absent one; app 0 = whichever app's. */
    static ListRow get(Connection connection, int app, long id) throws SQLException {
        return get(connection, app, id, "");
    }

    /** As get; nobody else changes it, nor makes a broadcast to it, until the transaction ends. */
    static ListRow lock(Connection connection, int app, long id) throws SQLException {
        return get(connection, app, id, " FOR UPDATE");
    }

    private static ListRow get(Connection connection, int app, long id, String how) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement(COLUMNS + " WHERE list_id = ? AND (? = 0 OR app = ?)" + how)) {
            select.setLong(1, id);
            select.setInt(2, app);
            select.setInt(3, app);
            return one(select);
        }
    }

    /** Whether a broadcast to it is not over. */
    static boolean used(Connection connection, AudienceList list) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT 1 FROM broadcast WHERE active = 2 AND app = ? AND list_id = ? LIMIT 1")) {
            select.setInt(1, list.getAppId());
            select.setLong(2, list.getListId());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** From now on nobody reads it; its rows are swept later. */
    static void markDeleted(Connection connection, long id) throws SQLException {
        try (PreparedStatement update = connection
                .prepareStatement("UPDATE audience_list SET state = 3, litter = 1 WHERE list_id = ?")) {
            update.setLong(1, id);
            update.executeUpdate();
        }
    }

    /** Its chunks are there; its parts are not needed any more. */
    static void markSealed(Connection connection, AudienceList sealed) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE audience_list SET state = 2, endpoints = ?, sealed = ?, litter = 1 WHERE list_id = ?")) {
            update.setLong(1, sealed.getEndpoints());
            update.setBytes(2, AudienceList.newBuilder().addAllBadLines(sealed.getBadLinesList())
                    .addAllChunks(sealed.getChunksList()).addAllSizes(sealed.getSizesList()).build().toByteArray());
            update.setLong(3, sealed.getListId());
            update.executeUpdate();
        }
    }

    /**
     * The first bad lines of all parts. They are in the parts that begin with the lowest ones: each of these has at
     * least one that comes before whatever a further part has.
     */
    static List<BadLine> badLines(Connection connection, long id) throws SQLException {
        var lines = new ArrayList<BadLine>();
        try (PreparedStatement select = connection.prepareStatement("SELECT p.bad_lines FROM audience_part p JOIN"
                + " (SELECT part FROM audience_part WHERE list_id = ? AND first_bad > 0 ORDER BY first_bad LIMIT "
                + ListRules.BAD_LINES + ") f ON p.list_id = ? AND p.part = f.part")) {
            select.setLong(1, id);
            select.setLong(2, id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    lines.addAll(parsed(id, row.getBytes(1)).getBadLinesList());
                }
            }
        }
        lines.sort(Comparator.comparingLong(BadLine::getLine));
        return lines.subList(0, Math.min(lines.size(), ListRules.BAD_LINES));
    }

    private static ListRow one(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? read(row) : ListRow.ABSENT;
        }
    }

    static ListRow read(ResultSet row) throws SQLException {
        long id = row.getLong(1);
        byte @Nullable [] key = row.getBytes(4);
        long given = row.getLong(13);
        var list = parsed(id, row.getBytes(12)).toBuilder().setListId(id).setAppId(row.getInt(2))
                .setStateValue(row.getInt(3)).setLabel(row.getString(5)).setCreatedMs(row.getLong(6))
                .setExpireAtMs(row.getLong(7)).setParts(row.getInt(8)).setLines(row.getLong(9)).setBad(row.getLong(10))
                .setEndpoints(row.getLong(11));
        if (list.getSizesCount() > 0) {
            list.setTwice(given - list.getEndpoints());
        }
        if (key != null) {
            list.setIdempotencyKey(new String(key, StandardCharsets.UTF_8));
        }
        return new ListRow(list.build(), given, row.getLong(14));
    }

    private static AudienceList parsed(long id, byte[] bytes) throws SQLException {
        try {
            return AudienceList.parseFrom(bytes);
        } catch (InvalidProtocolBufferException unreadable) {
            throw new SQLException("list " + id + ": unreadable", unreadable);
        }
    }
}
