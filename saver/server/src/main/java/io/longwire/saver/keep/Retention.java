package io.longwire.saver.keep;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.saver.ledger.LedgerLock;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.watch.Rounds;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Deletes rows whose time is over, on each shard once a minute, {@value #CHUNK} a statement and a bounded number a
 * round. One saver at a time does it for a shard, by a lock of the database that ends with its connection.
 */
public final class Retention {
    private static final int CHUNK = 1_000;
    private static final int MOST = 100_000;
    private static final String LOCK = "retention";

    private final Shards shards;
    private final SameTime time;
    private final Clock clock;
    private final Metrics metrics;

    public Retention(Shards shards, SameTime time, Clock clock, Metrics metrics) {
        this.shards = shards;
        this.time = time;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Rounds once a minute. The caller closes it. */
    public Rounds start() {
        return new Rounds("retention", clock, Duration.ofMinutes(1), this::round,
                () -> metrics.counter(SaverMetric.RETENTION_FAILURES).increment());
    }

    /** One round over all shards that can be reached. Blocks. */
    public void round() throws SQLException {
        shards.visitReachable(this::round);
    }

    private void round(Shard shard) throws SQLException {
        try (Connection connection = shard.connectForJob()) {
            time.check(connection);
            LedgerLock.ifFree(connection, LOCK, locked -> {
                for (Kept kept : Kept.values()) {
                    long deleted = delete(locked, kept);
                    metrics.counter(SaverMetric.RETENTION_DELETED, "table", kept.table()).add(deleted);
                }
            });
        }
    }

    private long delete(Connection connection, Kept kept) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM " + kept.table() + " WHERE " + kept.condition() + " LIMIT " + CHUNK)) {
            delete.setLong(1, clock.wallMillis() - kept.millis());
            long deleted = 0;
            int last;
            do {
                last = delete.executeUpdate();
                deleted += last;
            } while (last == CHUNK && deleted < MOST);
            return deleted;
        }
    }
}
