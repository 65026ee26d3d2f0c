package io.longwire.saver.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whose messages these are, ended ones included: the app, or 0 for a message the ledger does not know. */
public final class ReadOwners implements SqlBatch<MessageKey, Integer> {
    private static final List<String> TABLES = List.of("end_log", "msg_log", "msg_cold");

    @Override
    public int sizeOf(MessageKey key) {
        return 24;
    }

    @Override
    public List<Integer> run(Connection connection, List<MessageKey> keys) throws SQLException {
        var owners = new HashMap<MessageKey, Integer>();
        for (String table : TABLES) {
            List<MessageKey> missing = keys.stream().filter(key -> !owners.containsKey(key)).distinct().toList();
            if (!missing.isEmpty()) {
                read(connection, table, missing, owners);
            }
        }
        return keys.stream().map(key -> owners.getOrDefault(key, 0)).toList();
    }

    private static void read(Connection connection, String table, List<MessageKey> keys,
            Map<MessageKey, Integer> owners) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT ep, msg_id, app FROM " + table
                + " WHERE (slot, ep, msg_id) IN (" + Tuples.keys(keys.size()) + ")")) {
            int at = 1;
            for (MessageKey key : keys) {
                at = key.bind(select, at);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    owners.put(new MessageKey(row.getLong(1), row.getLong(2)), row.getInt(3));
                }
            }
        }
    }
}
