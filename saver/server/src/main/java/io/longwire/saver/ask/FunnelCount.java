package io.longwire.saver.ask;

import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.FunnelRequest;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one shard knows of one message over some of its endpoints. */
final class FunnelCount {
    private static final int CHUNK = 200;
    private static final String REVOKED = "REVOKED";

    private record Fate(int how, int code, long at) {
        static final Fate WAITS = new Fate(How.NONE_VALUE, 0, 0);
    }

    private final Map<Long, Fate> fates = new HashMap<>(); // by endpoint
    private final Map<String, Integer> receipts = new HashMap<>(); // by kind
    private final Set<Long> gone = new HashSet<>(); // endpoints without a fate
    private final Set<Long> absent = new HashSet<>();

    /** Reads msg_log, then msg_cold, then end_log, whose word counts. Blocks. */
    static FunnelCount of(Shard shard, FunnelRequest request, List<Long> endpoints) throws SQLException {
        var count = new FunnelCount();
        try (Connection connection = shard.connect()) {
            for (int from = 0; from < endpoints.size(); from += CHUNK) {
                List<Long> chunk = endpoints.subList(from, Math.min(endpoints.size(), from + CHUNK));
                count.read(connection, request.getAppId(), request.getMessageId(), chunk);
                if (request.getNamed()) {
                    count.endpoints(connection, request.getAppId(), chunk);
                }
            }
        }
        return count;
    }

    // Of those that have no fate, which cannot have one.
    private void endpoints(Connection connection, int app, List<Long> endpoints) throws SQLException {
        List<Long> without = endpoints.stream().filter(endpoint -> !fates.containsKey(endpoint)).toList();
        if (without.isEmpty()) {
            return;
        }
        absent.addAll(without);
        try (PreparedStatement select = connection.prepareStatement("SELECT ep, app, state FROM endpoint"
                + " WHERE (slot, ep) IN (" + Tuples.of("(?,?)", without.size()) + ")")) {
            int at = 1;
            for (long endpoint : without) {
                select.setInt(at++, Slots.of(endpoint));
                select.setLong(at++, endpoint);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (app == 0 || row.getInt(2) == app) {
                        absent.remove(row.getLong(1));
                        if (row.getInt(3) == EndpointRecord.State.GONE_VALUE) {
                            gone.add(row.getLong(1));
                        }
                    }
                }
            }
        }
    }

    private void read(Connection connection, int app, long message, List<Long> endpoints) throws SQLException {
        fates(connection, "SELECT ep, app, 0, 0, 0 FROM msg_log", app, message, endpoints);
        fates(connection, "SELECT ep, app, how, code, at FROM msg_cold", app, message, endpoints);
        fates(connection, "SELECT ep, app, how, code, at FROM end_log", app, message, endpoints);
        try (PreparedStatement select = connection.prepareStatement("SELECT kind, COUNT(*) FROM receipt"
                + " WHERE msg_id = ? AND (? = 0 OR app = ?) AND ep IN (" + Tuples.of("?", endpoints.size())
                + ") GROUP BY kind")) {
            select.setLong(1, message);
            select.setInt(2, app);
            select.setInt(3, app);
            for (int i = 0; i < endpoints.size(); i++) {
                select.setLong(4 + i, endpoints.get(i));
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ReceiptKind kind = ReceiptKind.forNumber(row.getInt(1));
                    receipts.merge(kind == null ? "KIND_" + row.getInt(1) : kind.name(), row.getInt(2), Integer::sum);
                }
            }
        }
    }

    private void fates(Connection connection, String from, int app, long message, List<Long> endpoints)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                from + " WHERE (slot, ep, msg_id) IN (" + Tuples.of("(?,?,?)", endpoints.size()) + ")")) {
            int at = 1;
            for (long endpoint : endpoints) {
                select.setInt(at++, Slots.of(endpoint));
                select.setLong(at++, endpoint);
                select.setLong(at++, message);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (app == 0 || row.getInt(2) == app) {
                        fates.merge(row.getLong(1), new Fate(row.getInt(3), row.getInt(4), row.getLong(5)),
                                (before, now) -> now.how == How.NONE_VALUE ? before : now);
                    }
                }
            }
        }
    }

    void add(FunnelCount more) {
        fates.putAll(more.fates);
        gone.addAll(more.gone);
        absent.addAll(more.absent);
        more.receipts.forEach((kind, n) -> receipts.merge(kind, n, Integer::sum));
    }

    /** By name, what {@link #funnel} counts. */
    Funnel named(Funnel funnel) {
        var named = funnel.toBuilder();
        fates.forEach((endpoint, fate) -> {
            if (fate.equals(Fate.WAITS)) {
                named.addWaitingIds(endpoint);
            } else if (fate.how == How.REJECTED_VALUE) {
                named.addRejectedIds(endpoint);
            } else {
                named.addEndedIds(endpoint);
            }
        });
        return named.addAllRejectedIds(gone).addAllAbsentIds(absent).build();
    }

    Funnel funnel(int targets, boolean head) {
        var ended = new HashMap<String, Integer>();
        long first = Long.MAX_VALUE;
        long last = 0;
        int waiting = 0;
        for (Fate fate : fates.values()) {
            if (fate.equals(Fate.WAITS)) {
                waiting++;
                continue;
            }
            ended.merge(name(fate), 1, Integer::sum);
            if (fate.how == How.ACKED_VALUE) {
                first = Math.min(first, fate.at);
                last = Math.max(last, fate.at);
            }
        }
        return Funnel.newBuilder().setFound(head || !fates.isEmpty()).setTargets(targets).setWaiting(waiting)
                .putAllEnded(ended).putAllReceipts(receipts).setUnknown(targets - fates.size())
                .setFirstAckMs(last == 0 ? 0 : first).setLastAckMs(last).build();
    }

    private static String name(Fate fate) {
        if (fate.how == How.CANCELLED_VALUE && fate.code == 1) {
            return REVOKED;
        }
        How how = How.forNumber(fate.how);
        return how == null ? "HOW_" + fate.how : how.name();
    }
}
