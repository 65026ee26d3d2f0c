package io.longwire.saver.partition;

import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.How;
import io.longwire.saver.end.EndEffects;
import io.longwire.saver.ledger.Committed;
import io.longwire.saver.ledger.EndRow;
import io.longwire.saver.ledger.IdAge;
import io.longwire.saver.ledger.InsertEnds;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.Traces;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is old and not a partition: expired messages, keys, dead letters, counts of last month. */
final class Sweep {
    private static final int CHUNK = 200;
    private static final int MOST_DELETED = 200_000;
    private static final Duration IDEM_KEPT = Duration.ofHours(24);
    private static final Duration MINUTES_KEPT = Duration.ofDays(38);
    private static final Duration LETTERS_KEPT = Duration.ofDays(7);
    private static final Duration OVERLAP = Duration.ofHours(1);

    private final Clock clock;
    private final InsertEnds ends;
    private final EndEffects effects;
    private long sweptUntil; // unix ms; the keeper's thread only

    Sweep(Clock clock, EndEffects effects) {
        this.clock = clock;
        this.effects = effects;
        this.ends = new InsertEnds(new IdAge(clock), new Committed(clock), rows -> { // all of them, each time
        });
    }

    /** Ends the expired messages of msg_cold, each once its receipt is kept. Blocks. */
    void expireCold(Connection connection) throws SQLException {
        long now = clock.wallMillis();
        List<EndRow> expired;
        do {
            expired = expired(connection, Math.max(0, sweptUntil - OVERLAP.toMillis()), now);
            if (!expired.isEmpty()) {
                ends.run(connection, expired);
            }
        } while (expired.size() == CHUNK);
        sweptUntil = now;
    }

    // They are told before they end, as by the compactor.
    private List<EndRow> expired(Connection connection, long from, long now) throws SQLException {
        var rows = new ArrayList<EndRow>();
        var told = new Told();
        try (PreparedStatement select = connection.prepareStatement("SELECT m.ep, m.msg_id, m.app, m.kind,"
                + " LENGTH(m.body), " + Traces.body() + " FROM msg_cold m"
                + " LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id"
                + " WHERE m.expire_at > ? AND m.expire_at <= ? AND m.how = 0 AND e.msg_id IS NULL LIMIT " + CHUNK)) {
            select.setLong(1, from);
            select.setLong(2, now);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    var key = new MessageKey(row.getLong(1), row.getLong(2));
                    told.add(effects.expired(row.getInt(3), row.getInt(5), key, row.getInt(4),
                            Traces.in(row.getBytes(6)), now));
                    rows.add(EndRow.own(key, How.EXPIRED, 0, now));
                }
            }
        }
        told.await();
        return rows;
    }

    /** Deletes the cold rows whose end is in a part of end_log that is about to be dropped. Blocks. */
    void deleteEnded(Connection connection, Partition part) throws SQLException {
        new SlotRanges(clock).walk((first, last) -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE m FROM msg_cold m"
                    + " JOIN end_log PARTITION (" + part.name() + ") e"
                    + " ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id WHERE m.slot BETWEEN ? AND ?")) {
                delete.setInt(1, first);
                delete.setInt(2, last);
                delete.executeUpdate();
            }
        });
    }

    /** Deletes keys, dead letters and minutes past their time. Blocks. */
    void deleteOld(Connection connection) throws SQLException {
        long now = clock.wallMillis();
        delete(connection, "DELETE FROM idem WHERE at < ? LIMIT 5000", now - IDEM_KEPT.toMillis());
        delete(connection, "DELETE FROM dead_letter WHERE dead_at < ? LIMIT 5000", now - LETTERS_KEPT.toMillis());
        delete(connection, "DELETE FROM closed_minute WHERE minute < ? LIMIT 5000",
                Math.max(MessageId.EPOCH_MS, now - MINUTES_KEPT.toMillis()) / 60_000);
    }

    private static void delete(Connection connection, String sql, long before) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setLong(1, before);
            int deleted = 0;
            int last;
            do {
                last = delete.executeUpdate();
                deleted += last;
            } while (last > 0 && deleted < MOST_DELETED);
        }
    }
}
