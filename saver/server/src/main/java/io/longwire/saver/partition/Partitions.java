package io.longwire.saver.partition;

import io.longwire.device.id.MessageId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** Statements on partitions. All block; DDL gives up after a second behind a lock and is tried again. */
final class Partitions {
    /** How far ahead of the clock partitions exist. */
    static final long AHEAD_MILLIS = 24 * 3_600_000L;
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'p'yyyyMMdd'_'HHmm")
            .withZone(ZoneOffset.UTC);
    private static final int TRIES = 5;
    private static final int LOCK_WAIT = 1205;
    private static final int DUPLICATE_PARTITION = 1517;
    private static final int NOT_INCREASING = 1493;
    private static final int NO_SUCH_PARTITION = 1507;

    private Partitions() {
    }

    /** The parts of a table, the oldest first. */
    static List<Partition> of(Connection connection, LedgerTable table) throws SQLException {
        var parts = new ArrayList<Partition>();
        try (PreparedStatement select = connection.prepareStatement("SELECT PARTITION_NAME, PARTITION_DESCRIPTION"
                + " FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?"
                + " ORDER BY PARTITION_ORDINAL_POSITION")) {
            select.setString(1, table.id());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    parts.add(new Partition(table, row.getString(1), Long.parseLong(row.getString(2))));
                }
            }
        }
        return parts;
    }

    /** Makes what is missing until 24 h ahead. Two savers may do it at once: what is there already is left. */
    static void ensure(Connection connection, LedgerTable table, long now) throws SQLException {
        List<Partition> parts = of(connection, table);
        List<Long> bounds = missing(table, parts.getLast().upperMillis(), now);
        if (bounds.isEmpty()) {
            return;
        }
        var sql = new StringBuilder("ALTER TABLE ").append(table.id()).append(" ADD PARTITION (");
        for (int i = 0; i < bounds.size(); i++) {
            long bound = bounds.get(i);
            sql.append(i == 0 ? "" : ", ").append("PARTITION ").append(NAME.format(Instant.ofEpochMilli(bound)))
                    .append(" VALUES LESS THAN (").append(MessageId.firstOf(bound)).append(')');
        }
        try {
            change(connection, sql.append(')').toString());
        } catch (SQLException refused) {
            if (refused.getErrorCode() != DUPLICATE_PARTITION && refused.getErrorCode() != NOT_INCREASING) {
                throw refused;
            }
            if (of(connection, table).getLast().upperMillis() <= parts.getLast().upperMillis()) {
                throw refused;
            }
        }
    }

    /** Upper bounds to add, unix ms, on multiples of the step; the first one closes whatever gap there is. */
    static List<Long> missing(LedgerTable table, long lastMillis, long now) {
        long step = table.stepMillis();
        var bounds = new ArrayList<Long>();
        for (long bound = (now / step + 1) * step; bound <= now + AHEAD_MILLIS + step; bound += step) {
            if (bound > lastMillis) {
                bounds.add(bound);
            }
        }
        return bounds;
    }

    /** Drops a part; one that is gone already is fine. */
    static void drop(Connection connection, Partition part) throws SQLException {
        try {
            change(connection, "ALTER TABLE " + part.table().id() + " DROP PARTITION " + part.name());
        } catch (SQLException refused) {
            if (refused.getErrorCode() != NO_SUCH_PARTITION) {
                throw refused;
            }
        }
    }

    private static void change(Connection connection, String ddl) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION lock_wait_timeout = 1");
            for (int tried = 1;; tried++) {
                try {
                    statement.execute(ddl);
                    return;
                } catch (SQLException refused) {
                    if (refused.getErrorCode() != LOCK_WAIT || tried == TRIES) {
                        throw refused;
                    }
                }
            }
        }
    }
}
