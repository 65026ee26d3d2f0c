package io.longwire.saver.ban;

import io.longwire.rpc.saver.Ban;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The rows of bans as statements. All block. */
final class BanRows {
    private static final String COLUMNS = "SELECT ban_id, version, app, kind, subject, parent, ep, reason, created_at,"
            + " until_at, ended_at FROM ban";
    private static final long NEVER = Long.MAX_VALUE;

    private BanRows() {
    }

    /** Takes the number of the last change and holds it until the transaction ends. */
    static long lockVersion(Connection connection) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT last FROM ban_seq WHERE one = 1 FOR UPDATE");
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("ban_seq: no row (expected: one)");
            }
            return row.getLong(1);
        }
    }

    static void version(Connection connection, long last) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE ban_seq SET last = ? WHERE one = 1")) {
            update.setLong(1, last);
            update.executeUpdate();
        }
    }

    /** Puts a ban under this version; the ban of the same subject keeps its id. */
    static void put(Connection connection, Ban ban, long version) throws SQLException {
        long until = ban.getUntilMs() == 0 ? NEVER : ban.getUntilMs();
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO ban (ban_id, version, app, kind,"
                + " subject, parent, ep, reason, created_at, until_at, ended_at) VALUES (?,?,?,?,?,?,?,?,?,?,?)"
                + " ON DUPLICATE KEY UPDATE version = VALUES(version), reason = VALUES(reason),"
                + " created_at = VALUES(created_at), until_at = VALUES(until_at), ended_at = VALUES(ended_at)")) {
            insert.setLong(1, version);
            insert.setLong(2, version);
            insert.setLong(3, Integer.toUnsignedLong(ban.getAppId()));
            insert.setInt(4, ban.getKindValue());
            insert.setString(5, subject(ban));
            insert.setLong(6, ban.getParent());
            insert.setLong(7, ban.getEndpointId());
            insert.setString(8, ban.getReason());
            insert.setLong(9, ban.getCreatedMs());
            insert.setLong(10, until);
            insert.setLong(11, until);
            insert.executeUpdate();
        }
    }

    static void lift(Connection connection, long banId, long version, long now) throws SQLException {
        try (PreparedStatement update = connection
                .prepareStatement("UPDATE ban SET version = ?, ended_at = ? WHERE ban_id = ?")) {
            update.setLong(1, version);
            update.setLong(2, now);
            update.setLong(3, banId);
            update.executeUpdate();
        }
    }

    /** The ban and those that stand for its endpoints, in force or not; the ban first. */
    static List<Ban> family(Connection connection, long banId) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement(COLUMNS + " WHERE ban_id = ? OR parent = ? ORDER BY parent, ban_id")) {
            select.setLong(1, banId);
            select.setLong(2, banId);
            return all(select);
        }
    }

    /** Whether the row is as it was when it was kept: who changes or lifts a ban gives it another version. */
    static boolean stands(Connection connection, Ban kept) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT 1 FROM ban WHERE ban_id = ? AND version = ?")) {
            select.setLong(1, kept.getBanId());
            select.setLong(2, kept.getVersion());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** The one of this subject, in force or not. */
    static List<Ban> same(Connection connection, Ban ban) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement(COLUMNS + " WHERE app = ? AND kind = ? AND subject = ? AND parent = ?")) {
            select.setLong(1, Integer.toUnsignedLong(ban.getAppId()));
            select.setInt(2, ban.getKindValue());
            select.setString(3, subject(ban));
            select.setLong(4, ban.getParent());
            return all(select);
        }
    }

    /** How many of an app are in force, those of endpoints of aliases too. */
    static long count(Connection connection, int app, long now) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT COUNT(*) FROM ban WHERE app = ? AND ended_at > ?")) {
            select.setLong(1, Integer.toUnsignedLong(app));
            select.setLong(2, now);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    static List<Ban> page(Connection connection, int app, long afterId, int limit, long now) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + " WHERE app = ? AND parent = 0"
                + " AND ended_at > ? AND ban_id > ? ORDER BY ban_id LIMIT " + limit)) {
            select.setLong(1, Integer.toUnsignedLong(app));
            select.setLong(2, now);
            select.setLong(3, afterId);
            return all(select);
        }
    }

    static List<Ban> changes(Connection connection, long afterVersion, int limit) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement(COLUMNS + " WHERE version > ? ORDER BY version LIMIT " + limit)) {
            select.setLong(1, afterVersion);
            return all(select);
        }
    }

    static boolean aliasBanned(Connection connection, int app, String alias, long now) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM ban WHERE app = ? AND kind = "
                + Ban.Kind.ALIAS_VALUE + " AND subject = ? AND parent = 0 AND ended_at > ?")) {
            select.setLong(1, Integer.toUnsignedLong(app));
            select.setString(2, alias);
            select.setLong(3, now);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static String subject(Ban ban) {
        return ban.getKind() == Ban.Kind.ENDPOINT ? Long.toUnsignedString(ban.getEndpointId()) : ban.getSubject();
    }

    private static List<Ban> all(PreparedStatement select) throws SQLException {
        var bans = new ArrayList<Ban>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                var kind = Ban.Kind.forNumber(row.getInt(4));
                long until = row.getLong(10);
                var ban = Ban.newBuilder().setBanId(row.getLong(1)).setVersion(row.getLong(2))
                        .setAppId((int) row.getLong(3)).setKind(kind == null ? Ban.Kind.NONE : kind)
                        .setParent(row.getLong(6)).setEndpointId(row.getLong(7)).setReason(row.getString(8))
                        .setCreatedMs(row.getLong(9)).setUntilMs(until == NEVER ? 0 : until)
                        .setLifted(row.getLong(11) != until);
                if (kind != Ban.Kind.ENDPOINT) {
                    ban.setSubject(row.getString(5));
                }
                bans.add(ban.build());
            }
        }
        return bans;
    }
}
