package io.longwire.saver.ledger;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.How;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

import org.jspecify.annotations.Nullable;

/**
 * Ends of messages. What is not a live message of that endpoint and app is answered without writing. The end goes to
 * end_log while the id is younger than 24 h, and to the row in msg_cold afterwards, where no end stands yet in
 * either. The first end wins: ON DUPLICATE KEY keeps the row that is there. msg_log is read before msg_cold, so a
 * message on its way from one to the other is always seen; what is known to be committed (see {@link Committed}) is
 * not read at all.
 */
public final class InsertEnds implements SqlBatch<EndRow, Concluded> {
    private static final int ROW_BYTES = 110;

    private record Found(Committed.Row row, How how, int code, boolean cold) {
        boolean ended() {
            return how != How.NONE;
        }
    }

    private record Standing(How how, int code, long at, int room) {
        boolean is(EndRow row) {
            return at == row.at() && how == row.how() && room == row.course().room();
        }
    }

    private final IdAge age;
    private final Committed committed;
    private final LongConsumer onSelect;

    /** @param onSelect told how many rows were looked up in the ledger */
    public InsertEnds(IdAge age, Committed committed, LongConsumer onSelect) {
        this.age = age;
        this.committed = committed;
        this.onSelect = onSelect;
    }

    @Override
    public int sizeOf(EndRow row) {
        return ROW_BYTES;
    }

    @Override
    public List<Concluded> run(Connection connection, List<EndRow> rows) throws SQLException {
        Map<MessageKey, Found> found = find(connection, rows);
        var results = new ArrayList<Concluded>(rows.size());
        var fresh = new LinkedHashMap<MessageKey, Integer>(); // the first row of each message
        for (int i = 0; i < rows.size(); i++) {
            EndRow row = rows.get(i);
            Found message = found.get(row.key());
            if (message == null || (row.app() != 0 && row.app() != message.row.app())) {
                results.add(Concluded.NO_MESSAGE);
            } else if (message.ended()) {
                results.add(concluded(Ended.BEFORE, message.row, message.how, message.code));
            } else {
                Integer first = fresh.putIfAbsent(row.key(), i);
                EndRow counts = first == null ? row : rows.get(first);
                results.add(concluded(first == null ? Ended.NOW : Ended.BEFORE, message.row, counts.how(),
                        counts.code()));
            }
        }
        List<EndRow> first = fresh.values().stream().map(rows::get).toList();
        Map<MessageKey, Standing> beaten = write(connection, first, found);
        for (int i = 0; i < rows.size() && !beaten.isEmpty(); i++) {
            Standing standing = beaten.get(rows.get(i).key());
            Found message = found.get(rows.get(i).key());
            if (standing != null && message != null && results.get(i).ended() != Ended.NO_MESSAGE) {
                results.set(i, concluded(Ended.BEFORE, message.row, standing.how, standing.code));
            }
        }
        first.forEach(row -> committed.forget(row.key()));
        return results;
    }

    private static Concluded concluded(Ended ended, Committed.Row row, How how, int code) {
        return new Concluded(ended, row.app(), row.kind(), row.ref(), row.bytes(), how, code, row.trace());
    }

    // Answers the messages whose end another saver was first to write, with that end.
    private Map<MessageKey, Standing> write(Connection connection, List<EndRow> fresh, Map<MessageKey, Found> found)
            throws SQLException {
        var beaten = new HashMap<MessageKey, Standing>();
        var recent = new ArrayList<EndRow>(fresh.size());
        for (EndRow row : fresh) {
            Found message = found.get(row.key());
            if (message == null || !message.cold || !age.endsInCold(row.key().message())) {
                recent.add(row);
            } else if (!endInCold(connection, row)) {
                beaten.put(row.key(), new Standing(How.NONE, 0, 0, 0)); // which one, the next question tells
            }
        }
        if (!recent.isEmpty() && insert(connection, recent, found) != recent.size()) {
            Map<MessageKey, Standing> standing = standing(connection, recent);
            for (EndRow row : recent) {
                Standing there = standing.get(row.key());
                if (there != null && !there.is(row)) {
                    beaten.put(row.key(), there);
                }
            }
        }
        return beaten;
    }

    private static int insert(Connection connection, List<EndRow> rows, Map<MessageKey, Found> found)
            throws SQLException {
        rows.sort((a, b) -> MessageKey.ORDER.compare(a.key(), b.key()));
        int room = Tuples.roomFor(rows.size());
        boolean traced = rows.stream().anyMatch(row -> !trace(found.get(row.key())).isEmpty());
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO end_log (slot, ep, msg_id, app, how,"
                + " code, at, stored_at, routed_ms, written_ms, attempts, room, by_id" + (traced ? ", trace" : "")
                + ") VALUES " + Tuples.of("(?,?,?,?,?,?,?,?,?,?,?,?,?" + (traced ? ",?)" : ")"), room)
                + " ON DUPLICATE KEY UPDATE msg_id = VALUES(msg_id)")) {
            int at = 1;
            for (int i = 0; i < room; i++) {
                EndRow row = rows.get(Math.min(i, rows.size() - 1));
                Found message = found.get(row.key());
                at = row.key().bind(insert, at);
                insert.setInt(at++, message == null ? row.app() : message.row.app());
                insert.setInt(at++, row.how().getNumber());
                insert.setInt(at++, row.code());
                insert.setLong(at++, row.at());
                insert.setLong(at++, message == null ? 0 : message.row.storedAt());
                insert.setLong(at++, row.course().routed());
                insert.setLong(at++, row.course().written());
                insert.setInt(at++, row.course().attempts());
                insert.setInt(at++, row.course().room());
                MessageRow.bindRef(insert, at++, row.by());
                if (traced) {
                    Traces.bind(insert, at++, trace(message));
                }
            }
            return insert.executeUpdate();
        }
    }

    private static ByteString trace(@Nullable Found message) {
        return message == null ? ByteString.EMPTY : message.row.trace();
    }

    private static boolean endInCold(Connection connection, EndRow row) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE msg_cold SET how = ?, code = ?, at = ?,"
                + " routed_ms = ?, written_ms = ?, attempts = ?, room = ?, by_id = ?"
                + " WHERE slot = ? AND ep = ? AND msg_id = ? AND how = 0")) {
            update.setInt(1, row.how().getNumber());
            update.setInt(2, row.code());
            update.setLong(3, row.at());
            update.setLong(4, row.course().routed());
            update.setLong(5, row.course().written());
            update.setInt(6, row.course().attempts());
            update.setInt(7, row.course().room());
            MessageRow.bindRef(update, 8, row.by());
            row.key().bind(update, 9);
            return update.executeUpdate() == 1;
        }
    }

    private Map<MessageKey, Found> find(Connection connection, List<EndRow> rows) throws SQLException {
        var found = new HashMap<MessageKey, Found>(rows.size() * 2);
        for (EndRow row : rows) {
            Committed.Row known = committed.get(row.key());
            if (known != null) {
                found.put(row.key(), new Found(known, How.NONE, 0, false));
            }
        }
        List<MessageKey> missing = rows.stream().map(EndRow::key).filter(key -> !found.containsKey(key)).distinct()
                .toList();
        if (missing.isEmpty()) {
            return found;
        }
        onSelect.accept(missing.size());
        find(connection, missing, found, false, "SELECT m.ep, m.msg_id, m.app, m.stored_at, m.kind, m.ref,"
                + " LENGTH(m.body), e.how, e.code, " + Traces.body() + " FROM msg_log m"
                + " LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id"
                + " WHERE (m.slot, m.ep, m.msg_id) IN (");
        missing = without(missing, found);
        if (!missing.isEmpty()) {
            find(connection, missing, found, true, "SELECT m.ep, m.msg_id, m.app, m.stored_at, m.kind, m.ref,"
                    + " LENGTH(m.body), COALESCE(e.how, m.how), COALESCE(e.code, m.code), " + Traces.body()
                    + " FROM msg_cold m"
                    + " LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id"
                    + " WHERE (m.slot, m.ep, m.msg_id) IN (");
            missing = without(missing, found);
        }
        if (!missing.isEmpty()) { // ended, and its partition compacted away since
            find(connection, missing, found, false, "SELECT ep, msg_id, app, stored_at, 0, 0"
                    + ", 0, how, code, trace FROM end_log WHERE (slot, ep, msg_id) IN (");
        }
        return found;
    }

    private static void find(Connection connection, List<MessageKey> keys, Map<MessageKey, Found> found, boolean cold,
            String sql) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql + Tuples.keysFor(keys.size()) + ")")) {
            MessageKey.bindAll(select, keys);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(new MessageKey(row.getLong(1), row.getLong(2)),
                            new Found(new Committed.Row(row.getInt(3), row.getLong(4), row.getInt(5), row.getLong(6),
                                    row.getInt(7), trace(row.getInt(5), row.getBytes(10))), how(row.getInt(8)),
                                    row.getInt(9), cold));
                }
            }
        }
    }

    // Of a row the envelope was read, of an end the trace itself.
    private static ByteString trace(int kind, byte @Nullable [] read) {
        return MessageKind.traced(kind) ? Traces.in(read) : Traces.column(read);
    }

    private static How how(int number) {
        How how = How.forNumber(number);
        return how == null ? How.UNRECOGNIZED : how;
    }

    private static List<MessageKey> without(List<MessageKey> keys, Map<MessageKey, Found> found) {
        return keys.stream().filter(key -> !found.containsKey(key)).toList();
    }

    private static Map<MessageKey, Standing> standing(Connection connection, List<EndRow> rows) throws SQLException {
        var standing = new HashMap<MessageKey, Standing>();
        try (PreparedStatement select = connection.prepareStatement("SELECT ep, msg_id, how, code, at, room FROM"
                + " end_log WHERE (slot, ep, msg_id) IN (" + Tuples.keysFor(rows.size()) + ")")) {
            MessageKey.bindAll(select, rows.stream().map(EndRow::key).toList());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    standing.put(new MessageKey(row.getLong(1), row.getLong(2)), new Standing(how(row.getInt(3)),
                            row.getInt(4), row.getLong(5), row.getInt(6)));
                }
            }
        }
        return standing;
    }
}
