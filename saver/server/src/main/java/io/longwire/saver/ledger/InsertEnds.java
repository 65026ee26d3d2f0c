package io.longwire.saver.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Ends of messages. What is not a live message of that endpoint and app is answered without writing. The end goes to
 * end_log while the id is younger than 24 h, and to the row in msg_cold afterwards, where no end stands yet in
 * either. The first end wins: ON DUPLICATE KEY keeps the row that is there. msg_log is read before msg_cold, so a
 * message on its way from one to the other is always seen.
 */
public final class InsertEnds implements SqlBatch<EndRow, Ended> {
    private static final int ROW_BYTES = 110;

    private record Found(int app, long storedAt, boolean ended, boolean cold) {
    }

    private final IdAge age;

    public InsertEnds(IdAge age) {
        this.age = age;
    }

    @Override
    public int sizeOf(EndRow row) {
        return ROW_BYTES;
    }

    @Override
    public List<Ended> run(Connection connection, List<EndRow> rows) throws SQLException {
        Map<MessageKey, Found> found = find(connection, rows.stream().map(EndRow::key).distinct().toList());
        var results = new ArrayList<Ended>(rows.size());
        var fresh = new LinkedHashMap<MessageKey, Integer>(); // the first row of each message
        for (int i = 0; i < rows.size(); i++) {
            EndRow row = rows.get(i);
            Found message = found.get(row.key());
            if (message == null || (row.app() != 0 && row.app() != message.app)) {
                results.add(Ended.NO_MESSAGE);
            } else if (message.ended || fresh.putIfAbsent(row.key(), i) != null) {
                results.add(Ended.BEFORE);
            } else {
                results.add(Ended.NOW);
            }
        }
        List<EndRow> first = fresh.values().stream().map(rows::get).toList();
        for (MessageKey beaten : write(connection, first, found)) {
            Integer index = fresh.get(beaten);
            if (index != null) {
                results.set(index, Ended.BEFORE);
            }
        }
        return results;
    }

    // Answers the messages whose end another saver was first to write.
    private List<MessageKey> write(Connection connection, List<EndRow> fresh, Map<MessageKey, Found> found)
            throws SQLException {
        var beaten = new ArrayList<MessageKey>();
        var recent = new ArrayList<EndRow>(fresh.size());
        for (EndRow row : fresh) {
            Found message = found.get(row.key());
            if (message == null || !message.cold || !age.endsInCold(row.key().message())) {
                recent.add(row);
            } else if (!endInCold(connection, row)) {
                beaten.add(row.key());
            }
        }
        if (!recent.isEmpty() && insert(connection, recent, found) != recent.size()) {
            Map<MessageKey, Long> standing = endTimes(connection, recent);
            recent.stream().filter(row -> standing.getOrDefault(row.key(), -1L) != row.at()).map(EndRow::key)
                    .forEach(beaten::add);
        }
        return beaten;
    }

    private static int insert(Connection connection, List<EndRow> rows, Map<MessageKey, Found> found)
            throws SQLException {
        rows.sort((a, b) -> MessageKey.ORDER.compare(a.key(), b.key()));
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO end_log (slot, ep, msg_id, app, how,"
                + " code, at, stored_at, routed_ms, written_ms, attempts, room) VALUES "
                + Tuples.of("(?,?,?,?,?,?,?,?,?,?,?,?)", rows.size())
                + " ON DUPLICATE KEY UPDATE msg_id = VALUES(msg_id)")) {
            int at = 1;
            for (EndRow row : rows) {
                Found message = found.get(row.key());
                at = row.key().bind(insert, at);
                insert.setInt(at++, message == null ? row.app() : message.app);
                insert.setInt(at++, row.how().getNumber());
                insert.setInt(at++, row.code());
                insert.setLong(at++, row.at());
                insert.setLong(at++, message == null ? 0 : message.storedAt);
                insert.setLong(at++, row.course().routed());
                insert.setLong(at++, row.course().written());
                insert.setInt(at++, row.course().attempts());
                insert.setInt(at++, row.course().room());
            }
            return insert.executeUpdate();
        }
    }

    private static boolean endInCold(Connection connection, EndRow row) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE msg_cold SET how = ?, code = ?, at = ?,"
                + " routed_ms = ?, written_ms = ?, attempts = ?, room = ?"
                + " WHERE slot = ? AND ep = ? AND msg_id = ? AND how = 0")) {
            update.setInt(1, row.how().getNumber());
            update.setInt(2, row.code());
            update.setLong(3, row.at());
            update.setLong(4, row.course().routed());
            update.setLong(5, row.course().written());
            update.setInt(6, row.course().attempts());
            update.setInt(7, row.course().room());
            row.key().bind(update, 8);
            return update.executeUpdate() == 1;
        }
    }

    private static Map<MessageKey, Found> find(Connection connection, List<MessageKey> keys) throws SQLException {
        var found = new HashMap<MessageKey, Found>(keys.size() * 2);
        find(connection, keys, found, false, "SELECT m.ep, m.msg_id, m.app, m.stored_at, e.how FROM msg_log m"
                + " LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id"
                + " WHERE (m.slot, m.ep, m.msg_id) IN (");
        List<MessageKey> missing = without(keys, found);
        if (!missing.isEmpty()) {
            find(connection, missing, found, true, "SELECT m.ep, m.msg_id, m.app, m.stored_at,"
                    + " COALESCE(e.how, NULLIF(m.how, 0)) FROM msg_cold m"
                    + " LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id"
                    + " WHERE (m.slot, m.ep, m.msg_id) IN (");
            missing = without(missing, found);
        }
        if (!missing.isEmpty()) { // ended, and its partition compacted away since
            find(connection, missing, found, false, "SELECT ep, msg_id, app, stored_at, how FROM end_log"
                    + " WHERE (slot, ep, msg_id) IN (");
        }
        return found;
    }

    private static void find(Connection connection, List<MessageKey> keys, Map<MessageKey, Found> found, boolean cold,
            String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql + Tuples.keys(keys.size()) + ")")) {
            int at = 1;
            for (MessageKey key : keys) {
                at = key.bind(select, at);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    @Nullable
                    Object how = row.getObject(5);
                    found.put(new MessageKey(row.getLong(1), row.getLong(2)),
                            new Found(row.getInt(3), row.getLong(4), how != null, cold));
                }
            }
        }
    }

    private static List<MessageKey> without(List<MessageKey> keys, Map<MessageKey, Found> found) {
        return found.size() == keys.size() ? List.of() : keys.stream().filter(key -> !found.containsKey(key)).toList();
    }

    private static Map<MessageKey, Long> endTimes(Connection connection, List<EndRow> rows) throws SQLException {
        var times = new HashMap<MessageKey, Long>();
        try (PreparedStatement select = connection.prepareStatement("SELECT ep, msg_id, at FROM end_log"
                + " WHERE (slot, ep, msg_id) IN (" + Tuples.keys(rows.size()) + ")")) {
            int at = 1;
            for (EndRow row : rows) {
                at = row.key().bind(select, at);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    times.put(new MessageKey(row.getLong(1), row.getLong(2)), row.getLong(3));
                }
            }
        }
        return times;
    }
}
