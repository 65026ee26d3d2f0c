package io.longwire.saver.usage;

import io.longwire.rpc.saver.Usage;
import io.longwire.saver.ledger.LedgerLock;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rows of usage, on the first shard. Everything blocks. */
public final class UsageTable {
    private static final int CHUNK = 200;
    private static final String LOCK = "recount";
    private static final String COLUMNS = "SELECT u.app, u.messages, u.bytes, u.counted_at FROM app_usage u";

    private final Shard shard;

    public UsageTable(Shard shard) {
        this.shard = shard;
    }

    /** Adds to the rows of these apps; all of them or none. */
    void add(Map<Integer, Sum> deltas) throws SQLException {
        try (Connection connection = shard.connect()) {
            connection.setAutoCommit(false);
            try {
                for (List<Map.Entry<Integer, Sum>> chunk : chunks(deltas)) {
                    add(connection, chunk);
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

    // By app, so that all savers lock in one order.
    private static List<List<Map.Entry<Integer, Sum>>> chunks(Map<Integer, Sum> deltas) {
        List<Map.Entry<Integer, Sum>> sorted = List.copyOf(new TreeMap<>(deltas).entrySet());
        var chunks = new ArrayList<List<Map.Entry<Integer, Sum>>>();
        for (int from = 0; from < sorted.size(); from += CHUNK) {
            chunks.add(sorted.subList(from, Math.min(sorted.size(), from + CHUNK)));
        }
        return chunks;
    }

    private static void add(Connection connection, List<Map.Entry<Integer, Sum>> chunk) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO app_usage"
                + " (app, messages, bytes, counted_at) VALUES " + Tuples.of("(?,?,?,?)", chunk.size())
                + " ON DUPLICATE KEY UPDATE messages = messages + VALUES(messages), bytes = bytes + VALUES(bytes),"
                + " counted_at = GREATEST(counted_at, VALUES(counted_at))")) {
            int at = 1;
            for (Map.Entry<Integer, Sum> each : chunk) {
                insert.setInt(at++, each.getKey());
                insert.setLong(at++, each.getValue().messages());
                insert.setLong(at++, each.getValue().bytes());
                insert.setLong(at++, each.getValue().countedAt());
            }
            insert.executeUpdate();
        }
    }

    /** The sums of the apps that have a quota. */
    Map<Integer, Sum> limited() throws SQLException {
        return read(COLUMNS + " JOIN app a ON a.app = u.app WHERE a.stored_messages > 0 OR a.stored_bytes > 0");
    }

    /** All sums. */
    Map<Integer, Sum> all() throws SQLException {
        return read(COLUMNS + " WHERE u.app > 0");
    }

    private Map<Integer, Sum> read(String sql) throws SQLException {
        var sums = new HashMap<Integer, Sum>();
        try (Connection connection = shard.connect();
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                sums.put(row.getInt(1), new Sum(row.getLong(2), row.getLong(3), row.getLong(4)));
            }
        }
        return sums;
    }

    /** Unix ms of the last recount of all apps; 0 = never. */
    long lastRecount() throws SQLException {
        return read(COLUMNS + " WHERE u.app = 0").getOrDefault(0, Sum.NONE).countedAt();
    }

    /** Does the work unless another saver is at it. */
    void exclusively(LedgerLock.Work work) throws SQLException {
        try (Connection connection = shard.connectForJob()) {
            LedgerLock.ifFree(connection, LOCK, work);
        }
    }

    /** What waits for the app; never below nothing. */
    public Usage get(int app) throws SQLException {
        try (Connection connection = shard.connect();
                PreparedStatement select = connection.prepareStatement(COLUMNS + " WHERE u.app = ?")) {
            select.setInt(1, app);
            try (ResultSet row = select.executeQuery()) {
                var usage = Usage.newBuilder().setAppId(app);
                return row.next()
                        ? usage.setStoredMessages(Math.max(0, row.getLong(2)))
                                .setStoredBytes(Math.max(0, row.getLong(3))).setCountedMs(row.getLong(4)).build()
                        : usage.build();
            }
        }
    }
}
