package io.longwire.saver.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whose messages these are, ended ones included. */
public final class ReadOwners implements SqlBatch<MessageKey, Owner> {
    private static final List<String> TABLES = List.of("end_log", "msg_log", "msg_cold");

    @Override
    public int sizeOf(MessageKey key) {
        return 24;
    }

    @Override
    public List<Owner> run(Connection connection, List<MessageKey> keys) throws SQLException {
        var owners = new HashMap<MessageKey, Owner>();
        for (String table : TABLES) {
            List<MessageKey> missing = keys.stream().filter(key -> !owners.containsKey(key)).distinct().toList();
            if (!missing.isEmpty()) {
                read(connection, table, missing, owners);
            }
        }
        return keys.stream().map(key -> owners.getOrDefault(key, Owner.NOBODY)).toList();
    }

    private static void read(Connection connection, String table, List<MessageKey> keys,
            Map<MessageKey, Owner> owners) throws SQLException {
        boolean ends = table.equals("end_log");
        try (PreparedStatement select = connection.prepareStatement("SELECT m.ep, m.msg_id, m.app, "
                + (ends ? "m.trace" : Traces.body()) + " FROM " + table + " m WHERE (m.slot, m.ep, m.msg_id) IN ("
                + Tuples.keys(keys.size()) + ")")) {
            int at = 1;
            for (MessageKey key : keys) {
                at = key.bind(select, at);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    byte[] read = row.getBytes(4);
                    owners.put(new MessageKey(row.getLong(1), row.getLong(2)),
                            new Owner(row.getInt(3), ends ? Traces.column(read) : Traces.in(read)));
                }
            }
        }
    }
}
