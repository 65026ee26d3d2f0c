package io.longwire.saver.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What stands of messages: msg_log, then msg_cold, then end_log, as separate statements. In this order a message that
 * the compactor moves meanwhile is seen once or twice, never not at all, and an end is seen that was committed before.
 */
public final class ReadStanding implements SqlBatch<MessageKey, Standing> {
    private static final int ROW_BYTES = 24;

    @Override
    public int sizeOf(MessageKey key) {
        return ROW_BYTES;
    }

    @Override
    public List<Standing> run(Connection connection, List<MessageKey> keys) throws SQLException {
        var found = new HashMap<MessageKey, Standing>();
        read(connection, "SELECT ep, msg_id, TRUE, 0, 0 FROM msg_log", keys, found);
        read(connection, "SELECT ep, msg_id, TRUE, how, 0 FROM msg_cold", keys, found);
        read(connection, "SELECT ep, msg_id, FALSE, how, code FROM end_log", keys, found);
        return keys.stream().map(key -> found.getOrDefault(key, Standing.NONE)).toList();
    }

    private static void read(Connection connection, String select, List<MessageKey> keys,
            Map<MessageKey, Standing> found) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                select + " WHERE (slot, ep, msg_id) IN (" + Tuples.keysFor(keys.size()) + ")")) {
            MessageKey.bindAll(statement, keys);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    var key = new MessageKey(row.getLong(1), row.getLong(2));
                    Standing before = found.getOrDefault(key, Standing.NONE);
                    found.put(key, before.and(row.getBoolean(3), row.getInt(4), row.getInt(5)));
                }
            }
        }
    }
}
