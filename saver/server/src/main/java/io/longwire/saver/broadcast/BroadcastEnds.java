package io.longwire.saver.broadcast;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.saver.keep.SameTime;
import io.longwire.saver.ledger.LedgerLock;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Transaction;
import io.longwire.saver.list.OldLists;
import io.longwire.saver.watch.Rounds;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends broadcasts whose time is over, and deletes them 30 days after they were over: their notes and walks first, they
 * themselves last, so that whoever dies in between is followed by somebody who finds them. Then the lists that no
 * broadcast needs any more. One saver at a time, by a lock of the database.
 */
public final class BroadcastEnds {
    static final Duration KEPT = Duration.ofDays(30);
    private static final String LOCK = "broadcasts";
    private static final int CHUNK = 500;
    private static final int MOST = 100; // broadcasts deleted in a round

    private final Shard shard;
    private final SameTime time;
    private final Clock clock;
    private final Metrics metrics;

    public BroadcastEnds(Shard first, SameTime time, Clock clock, Metrics metrics) {
        this.shard = first;
        this.time = time;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Rounds every 5 s. The caller closes it. */
    public Rounds start() {
        return new Rounds("broadcast-ends", clock, Duration.ofSeconds(5), this::round,
                () -> metrics.counter(SaverMetric.BROADCAST_FAILURES).increment());
    }

    /** One round. Blocks. */
    public void round() throws SQLException {
        if (!shard.reachable()) {
            return;
        }
        try (Connection connection = shard.connectForJob()) {
            time.check(connection);
            LedgerLock.ifFree(connection, LOCK, locked -> {
                metrics.counter(SaverMetric.BROADCASTS_EXPIRED).add(Transaction.on(locked, this::expire));
                for (long id : old(locked)) {
                    delete(locked, id);
                }
                OldLists.round(locked, clock.wallMillis(), metrics);
            });
        }
    }

    private int expire(Connection connection) throws SQLException {
        long now = clock.wallMillis();
        int expired;
        try (PreparedStatement update = connection.prepareStatement("UPDATE broadcast SET state = 6,"
                + " version = version + 1, over_at = ?, changed_at = ?"
                + " WHERE state IN (1, 2, 3, 4) AND expire_at <= ?")) {
            update.setLong(1, now);
            update.setLong(2, now);
            update.setLong(3, now);
            expired = update.executeUpdate();
        }
        if (expired > 0) {
            BroadcastRows.changing(connection);
        }
        return expired;
    }

    private List<Long> old(Connection connection) throws SQLException {
        var old = new ArrayList<Long>();
        try (PreparedStatement select = connection.prepareStatement("SELECT broadcast_id FROM broadcast"
                + " WHERE over_at > 0 AND over_at < ? ORDER BY over_at LIMIT " + MOST)) {
            select.setLong(1, clock.wallMillis() - KEPT.toMillis());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    old.add(row.getLong(1));
                }
            }
        }
        return old;
    }

    private void delete(Connection connection, long id) throws SQLException {
        for (String table : List.of("bcast_note", "walk", "list_slice", "broadcast")) {
            long deleted = 0;
            try (PreparedStatement delete = connection
                    .prepareStatement("DELETE FROM " + table + " WHERE broadcast_id = ? LIMIT " + CHUNK)) {
                delete.setLong(1, id);
                int last;
                do {
                    last = delete.executeUpdate();
                    deleted += last;
                } while (last == CHUNK);
            }
            metrics.counter(SaverMetric.RETENTION_DELETED, "table", table).add(deleted);
        }
    }
}
