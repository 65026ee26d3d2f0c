package io.longwire.saver.ledger;

import io.longwire.keeper.cluster.Slots;
import io.longwire.saver.ledger.LiveList.Live;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What lives for each endpoint: msg_log, then msg_cold, each minus end_log. In this order a message that the
 * compactor moves meanwhile is seen once or twice, never not at all. Expired messages are included: who meets them
 * ends them.
 */
public final class ReadLive implements SqlBatch<Long, LiveList> {
    /** The most live messages of one batch of endpoints. */
    static final int MAX_MESSAGES = 20_000;
    private static final int ROW_BYTES = BatchQueue.MAX_BYTES / 32; // 32 endpoints a batch

    @Override
    public int sizeOf(Long endpoint) {
        return ROW_BYTES;
    }

    @Override
    public List<LiveList> run(Connection connection, List<Long> endpoints) throws SQLException {
        var found = new HashMap<Long, Map<Long, Live>>();
        List<Long> distinct = endpoints.stream().distinct().toList();
        boolean log = read(connection, distinct, found,
                "SELECT m.ep, m.msg_id, m.app, m.expire_at, m.kind, m.ref FROM msg_log m"
                        + " LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id"
                        + " WHERE e.msg_id IS NULL AND (m.slot, m.ep) IN (");
        boolean cold = read(connection, distinct, found,
                "SELECT m.ep, m.msg_id, m.app, m.expire_at, m.kind, m.ref FROM msg_cold m"
                        + " LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id"
                        + " WHERE e.msg_id IS NULL AND m.how = 0 AND (m.slot, m.ep) IN (");
        var lists = new ArrayList<LiveList>(endpoints.size());
        for (Long endpoint : endpoints) {
            var live = new ArrayList<>(found.getOrDefault(endpoint, Map.of()).values());
            live.sort(Comparator.comparingLong(Live::message));
            lists.add(new LiveList(live, log && cold));
        }
        return lists;
    }

    private static boolean read(Connection connection, List<Long> endpoints, Map<Long, Map<Long, Live>> found,
            String sql) throws SQLException {
        int count = 0;
        try (PreparedStatement select = connection
                .prepareStatement(sql + Tuples.of("(?,?)", endpoints.size()) + ") LIMIT " + MAX_MESSAGES)) {
            int at = 1;
            for (long endpoint : endpoints) {
                select.setInt(at++, Slots.of(endpoint));
                select.setLong(at++, endpoint);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    count++;
                    found.computeIfAbsent(row.getLong(1), any -> new HashMap<>()).put(row.getLong(2),
                            new Live(row.getLong(2), row.getInt(3), row.getLong(4),
                                    MessageKind.revoke(row.getInt(5)) ? 0 : row.getLong(6)));
                }
            }
        }
        return count < MAX_MESSAGES;
    }

    /** Those of the keys that have an end, in end_log or msg_cold. */
    static Set<MessageKey> ended(Connection connection, List<MessageKey> keys) throws SQLException {
        var ended = new HashSet<>(InsertMessages.ended(connection, keys));
        try (PreparedStatement select = connection.prepareStatement("SELECT ep, msg_id FROM msg_cold WHERE how > 0"
                + " AND (slot, ep, msg_id) IN (" + Tuples.keys(keys.size()) + ")")) {
            int at = 1;
            for (MessageKey key : keys) {
                at = key.bind(select, at);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ended.add(new MessageKey(row.getLong(1), row.getLong(2)));
                }
            }
        }
        return ended;
    }
}
