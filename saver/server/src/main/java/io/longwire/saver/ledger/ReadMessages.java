package io.longwire.saver.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whole messages by key: msg_log, then msg_cold, then ends, as separate statements. */
public final class ReadMessages implements SqlBatch<MessageKey, Recorded> {
    private static final int ROW_BYTES = BatchQueue.MAX_BYTES / 64; // 64 bodies a batch
    private static final String COLUMNS = "SELECT ep, msg_id, app, kind, expire_at, stored_at, body, ref FROM ";

    @Override
    public int sizeOf(MessageKey key) {
        return ROW_BYTES;
    }

    @Override
    public List<Recorded> run(Connection connection, List<MessageKey> keys) throws SQLException {
        List<MessageKey> distinct = keys.stream().distinct().toList();
        var rows = new HashMap<MessageKey, MessageRow>();
        read(connection, "msg_log", distinct, rows);
        List<MessageKey> missing = distinct.stream().filter(key -> !rows.containsKey(key)).toList();
        if (!missing.isEmpty()) {
            read(connection, "msg_cold", missing, rows);
        }
        Set<MessageKey> ended = missing.isEmpty()
                ? new HashSet<>(InsertMessages.ended(connection, distinct))
                : ReadLive.ended(connection, distinct);
        return keys.stream().map(key -> new Recorded(key, rows.get(key), ended.contains(key))).toList();
    }

    private static void read(Connection connection, String table, List<MessageKey> keys,
            Map<MessageKey, MessageRow> rows) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                COLUMNS + table + " WHERE (slot, ep, msg_id) IN (" + Tuples.keys(keys.size()) + ")")) {
            int at = 1;
            for (MessageKey key : keys) {
                at = key.bind(select, at);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    MessageRow read = row(row);
                    rows.put(read.key(), read);
                }
            }
        }
    }

    /** The row of a result with ep, msg_id, app, kind, expire_at, stored_at, body, ref. */
    public static MessageRow row(ResultSet row) throws SQLException {
        return new MessageRow(new MessageKey(row.getLong(1), row.getLong(2)), row.getInt(3), row.getInt(4),
                row.getLong(5), row.getLong(6), row.getBytes(7), row.getLong(8));
    }
}
