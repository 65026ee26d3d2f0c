package io.longwire.saver.ask;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.GetEndpointsReply;
import io.longwire.rpc.saver.GetEndpointsRequest;
import io.longwire.saver.account.Registration;
import io.longwire.saver.cold.ColdSlots;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Many endpoints at once: their records, and how much waits for each. It costs one cold call for each shard (a
 * statement for every {@value #CHUNK} endpoints) and one HMGET for each endpoint; where an inbox cannot say (its slot
 * is COLD, it is parked, Redis is away), one more call for each shard counts in the ledger. Nothing blocks the caller;
 * futures fail with StoreFailure.
 */
public final class ManyEndpoints {
    private static final int MOST = 1_000;
    private static final int CHUNK = 200;

    /** What the answers are made from. */
    public record Parts(Shards shards, ColdCalls calls, Registration registration, RedisNodes redis, ColdSlots cold,
            Clock clock) {
    }

    /** What is read of a chunk of endpoints of one shard. */
    @FunctionalInterface
    private interface Read {
        void chunk(Connection connection, List<Long> endpoints) throws SQLException;
    }

    private final Parts parts;
    private final Inbox inbox;

    public ManyEndpoints(Parts parts) {
        this.parts = parts;
        this.inbox = new Inbox(parts.clock);
    }

    /** Aligned with what was asked for; one that the app does not have is ABSENT, and nothing waits for it. */
    public CompletableFuture<GetEndpointsReply> get(GetEndpointsRequest request) {
        List<Long> asked = request.getEndpointIdsList();
        if (asked.isEmpty() || asked.size() > MOST) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(
                    "endpoint_ids: " + asked.size() + " (expected: 1 to " + MOST + ")"));
        }
        Map<Long, EndpointRecord> records = new ConcurrentHashMap<>();
        Map<Long, Integer> waiting = new ConcurrentHashMap<>();
        return CompletableFuture.completedFuture(asked.stream().distinct().toList())
                .thenCompose(all -> read(all, (connection, chunk) -> parts.registration
                        .get(connection, chunk, request.getAppId())
                        .forEach(record -> records.put(record.getEndpointId(), record))))
                .thenCompose(read -> inRedis(List.copyOf(records.keySet()), waiting))
                .thenCompose(others -> read(others, (connection, chunk) -> count(connection, chunk, waiting)))
                .thenApply(done -> {
                    var reply = GetEndpointsReply.newBuilder();
                    for (long endpoint : asked) {
                        reply.addRecords(records.getOrDefault(endpoint, EndpointRecord.getDefaultInstance()))
                                .addWaiting(waiting.getOrDefault(endpoint, 0));
                    }
                    return reply.build();
                });
    }

    // Answers with those that only the ledger knows about.
    private CompletableFuture<List<Long>> inRedis(List<Long> endpoints, Map<Long, Integer> waiting) {
        var counts = new HashMap<Long, CompletableFuture<OptionalInt>>();
        for (long endpoint : endpoints) {
            int slot = Slots.of(endpoint);
            RedisSession session = parts.redis.session(slot);
            counts.put(endpoint, session == null || !parts.cold.warm(slot, session)
                    ? CompletableFuture.completedFuture(OptionalInt.empty())
                    : inbox.count(session, endpoint).exceptionally(silent -> OptionalInt.empty()));
        }
        return CompletableFuture.allOf(counts.values().toArray(CompletableFuture[]::new)).thenApply(done -> {
            var others = new ArrayList<Long>();
            counts.forEach((endpoint, count) -> count.join().ifPresentOrElse(n -> waiting.put(endpoint, n),
                    () -> others.add(endpoint)));
            return others;
        });
    }

    private CompletableFuture<Void> read(List<Long> endpoints, Read read) {
        Map<Integer, List<Long>> byShard = new TreeMap<>();
        for (long endpoint : endpoints) {
            byShard.computeIfAbsent(parts.shards.of(Slots.of(endpoint)).number(), any -> new ArrayList<>())
                    .add(endpoint);
        }
        return CompletableFuture.allOf(byShard.entrySet().stream()
                .map(each -> parts.calls
                        .call(() -> read(parts.shards.list().get(each.getKey()), each.getValue(), read)))
                .toArray(CompletableFuture[]::new));
    }

    private static boolean read(Shard shard, List<Long> endpoints, Read read) throws SQLException {
        try (Connection connection = shard.connect()) {
            for (int from = 0; from < endpoints.size(); from += CHUNK) {
                read.chunk(connection, endpoints.subList(from, Math.min(endpoints.size(), from + CHUNK)));
            }
        }
        return true;
    }

    // One statement, so one view: what the compactor moves meanwhile is seen once.
    private void count(Connection connection, List<Long> endpoints, Map<Long, Integer> waiting) throws SQLException {
        String of = " m LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id"
                + " WHERE e.msg_id IS NULL AND m.expire_at > ? AND (m.slot, m.ep) IN ("
                + Tuples.of("(?,?)", endpoints.size()) + ")";
        try (PreparedStatement select = connection.prepareStatement("SELECT ep, COUNT(*) FROM ("
                + "SELECT m.ep, m.msg_id FROM msg_log" + of + " UNION SELECT m.ep, m.msg_id FROM msg_cold" + of
                + " AND m.how = 0) live GROUP BY ep")) {
            int at = 1;
            for (int table = 0; table < 2; table++) {
                select.setLong(at++, parts.clock.wallMillis());
                for (long endpoint : endpoints) {
                    select.setInt(at++, Slots.of(endpoint));
                    select.setLong(at++, endpoint);
                }
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    waiting.put(row.getLong(1), row.getInt(2));
                }
            }
        }
    }
}
