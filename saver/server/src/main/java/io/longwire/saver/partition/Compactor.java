package io.longwire.saver.partition;

import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.How;
import io.longwire.saver.end.EndEffects;
import io.longwire.saver.ledger.Committed;
import io.longwire.saver.ledger.EndRow;
import io.longwire.saver.ledger.IdAge;
import io.longwire.saver.ledger.InsertEnds;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageKind;
import io.longwire.saver.ledger.Traces;
import io.longwire.saver.watch.HaltPoint;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties a closed partition of msg_log: what has expired gets its end, what lives is copied to msg_cold, the counts
 * per app and minute are kept, and only then the partition is dropped. No row can come into it any more: ids older
 * than 10 min are refused, and a frozen saver's connection is dead after 10 min. Each step is idempotent, so a
 * compactor that dies is followed by another one from the start. If after the copy one live row is not in msg_cold,
 * nothing is dropped.
 */
public final class Compactor {
    /** In closed_minute: all rows, whatever became of them. */
    public static final int ALL_ROWS = 255;
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
    private static final int LOST = 254;
    private static final int CHUNK = 200;
    private static final String ENDED = " LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep"
            + " AND e.msg_id = m.msg_id ";
    private static final String COLD = " LEFT JOIN msg_cold c ON c.slot = m.slot AND c.ep = m.ep"
            + " AND c.msg_id = m.msg_id ";

    private record Minute(long minute, int app, int how) {
    }

    private final EndEffects effects;
    private final Clock clock;
    private final HaltPoints halts;
    private final Metrics metrics;
    private final InsertEnds ends;

    Compactor(EndEffects effects, Clock clock, HaltPoints halts, Metrics metrics) {
        this.effects = effects;
        this.clock = clock;
        this.halts = halts;
        this.metrics = metrics;
        this.ends = new InsertEnds(new IdAge(clock), new Committed(clock), rows -> { // all of them, each time
        });
    }

    /** Compacts and drops one partition of msg_log. Blocks. */
    void compact(Connection connection, Partition part) throws SQLException {
        long now = clock.wallMillis();
        long[] counts = new long[2];
        new SlotRanges(clock).walk((first, last) -> {
            List<EndRow> traced = tell(connection, part, first, last, now);
            counts[0] += expire(connection, traced) + expire(connection, part, first, last, now);
            counts[1] += copy(connection, part, first, last);
        });
        Map<Minute, Long> minutes = count(connection, part);
        for (Minute minute : minutes.keySet()) {
            if (minute.how == LOST) {
                metrics.counter(SaverMetric.CONSERVATION_GAP).add(minutes.getOrDefault(minute, 0L));
                throw new SQLException("partition " + part.name() + ": " + minutes.get(minute)
                        + " live rows are not in msg_cold (expected: none; nothing is dropped)");
            }
        }
        record(connection, minutes);
        halts.pass(HaltPoint.COPIED_TO_COLD);
        Partitions.drop(connection, part);
        metrics.counter(SaverMetric.COMPACTED_COLD).add(counts[1]);
        metrics.counter(SaverMetric.PARTITIONS_DROPPED).increment();
        LOG.info("partition {} compacted: {} expired, {} to msg_cold, dropped", part.name(), counts[0], counts[1]);
    }

    // By their keys: the statement for all the others cannot read what stands in an envelope.
    private int expire(Connection connection, List<EndRow> traced) throws SQLException {
        for (int i = 0; i < traced.size(); i += CHUNK) {
            ends.run(connection, traced.subList(i, Math.min(traced.size(), i + CHUNK)));
        }
        return traced.size();
    }

    private static int expire(Connection connection, Partition part, int first, int last, long now)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO end_log (slot, ep, msg_id, app, how,"
                + " code, at, stored_at, routed_ms, written_ms, attempts, room) SELECT m.slot, m.ep, m.msg_id, m.app,"
                + " ?, 0, ?, m.stored_at, 0, 0, 0, 0 FROM msg_log PARTITION (" + part.name() + ") m" + ENDED
                + "WHERE m.slot BETWEEN ? AND ? AND e.msg_id IS NULL AND m.expire_at <= ?"
                + " ON DUPLICATE KEY UPDATE msg_id = VALUES(msg_id)")) {
            insert.setInt(1, How.EXPIRED_VALUE);
            insert.setLong(2, now);
            insert.setInt(3, first);
            insert.setInt(4, last);
            insert.setLong(5, now);
            return insert.executeUpdate();
        }
    }

    // Before they end, so that whoever dies in between leaves them to be told again. Answers those with a trace.
    private List<EndRow> tell(Connection connection, Partition part, int first, int last, long now)
            throws SQLException {
        var traced = new ArrayList<EndRow>();
        try (PreparedStatement select = connection.prepareStatement("SELECT m.ep, m.msg_id, m.app, m.kind,"
                + " LENGTH(m.body), " + Traces.body() + " FROM msg_log PARTITION (" + part.name() + ") m" + ENDED
                + "WHERE m.slot BETWEEN ? AND ? AND e.msg_id IS NULL AND m.expire_at <= ?")) {
            select.setInt(1, first);
            select.setInt(2, last);
            select.setLong(3, now);
            var told = new Told();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    var key = new MessageKey(row.getLong(1), row.getLong(2));
                    told.add(effects.expired(row.getInt(3), row.getInt(5), key, row.getInt(4),
                            Traces.in(row.getBytes(6)), now));
                    if (MessageKind.traced(row.getInt(4))) {
                        traced.add(EndRow.own(key, How.EXPIRED, 0, now));
                    }
                }
            }
            told.await();
        }
        return traced;
    }

    private static int copy(Connection connection, Partition part, int first, int last) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO msg_cold (slot, ep, msg_id, app, kind,"
                + " expire_at, stored_at, body, ref) SELECT m.slot, m.ep, m.msg_id, m.app, m.kind, m.expire_at,"
                + " m.stored_at, m.body, m.ref FROM msg_log PARTITION (" + part.name() + ") m" + ENDED
                + "WHERE m.slot BETWEEN ? AND ? AND e.msg_id IS NULL"
                + " ON DUPLICATE KEY UPDATE msg_id = VALUES(msg_id)")) {
            insert.setInt(1, first);
            insert.setInt(2, last);
            return insert.executeUpdate();
        }
    }

    private Map<Minute, Long> count(Connection connection, Partition part) throws SQLException {
        var minutes = new HashMap<Minute, Long>();
        new SlotRanges(clock).walk((first, last) -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT ((m.msg_id >> 22) + ?) DIV 60000 AS mi,"
                    + " m.app, COALESCE(e.how, c.how, " + LOST + ") AS h, COUNT(*) FROM msg_log PARTITION ("
                    + part.name() + ") m" + ENDED + COLD + "WHERE m.slot BETWEEN ? AND ? GROUP BY mi, m.app, h")) {
                select.setLong(1, MessageId.EPOCH_MS);
                select.setInt(2, first);
                select.setInt(3, last);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        long n = row.getLong(4);
                        minutes.merge(new Minute(row.getLong(1), row.getInt(2), row.getInt(3)), n, Long::sum);
                        minutes.merge(new Minute(row.getLong(1), row.getInt(2), ALL_ROWS), n, Long::sum);
                        // Over what lived when it was counted before: nothing else can become none.
                        minutes.merge(new Minute(row.getLong(1), row.getInt(2), How.NONE_VALUE), 0L, Long::sum);
                    }
                }
            }
        });
        return minutes;
    }

    // All minutes or none, so that a minute that stands there is whole. Written again: set, not added.
    private static void record(Connection connection, Map<Minute, Long> minutes) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO closed_minute (minute, app, how, n)"
                + " VALUES (?,?,?,?) ON DUPLICATE KEY UPDATE n = VALUES(n)")) {
            for (Map.Entry<Minute, Long> each : minutes.entrySet()) {
                insert.setLong(1, each.getKey().minute);
                insert.setInt(2, each.getKey().app);
                insert.setInt(3, each.getKey().how);
                insert.setLong(4, each.getValue());
                insert.executeUpdate();
            }
            connection.commit();
        } catch (SQLException failed) {
            connection.rollback();
            throw failed;
        } finally {
            connection.setAutoCommit(true);
        }
    }
}
