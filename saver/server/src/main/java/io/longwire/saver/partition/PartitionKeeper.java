package io.longwire.saver.partition;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.saver.end.EndEffects;
import io.longwire.saver.ledger.LedgerLock;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.watch.Rounds;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the partitions of all shards, once a minute: what is needed for the next 24 h is made, what is old is
 * compacted and dropped, what has expired is ended. One saver at a time does it for a shard, by a lock of the
 * database that ends with its connection. Driven by the clock alone: with a virtual one, days pass in a test.
 */
public final class PartitionKeeper {
    private static final Duration LEAST_AHEAD = Duration.ofHours(12);
    private static final String LOCK = "partitions";

    private final Shards shards;
    private final Clock clock;
    private final Metrics metrics;
    private final EndEffects effects;
    private final Compactor compactor;
    private final Map<Integer, Sweep> sweeps = new HashMap<>(); // by shard; rounds never overlap
    private final Map<Integer, Long> aheadUntil = new ConcurrentHashMap<>(); // by shard, unix ms

    public PartitionKeeper(Shards shards, EndEffects effects, Clock clock, HaltPoints halts, Metrics metrics) {
        this.shards = shards;
        this.clock = clock;
        this.metrics = metrics;
        this.effects = effects;
        this.compactor = new Compactor(effects, clock, halts, metrics);
        metrics.gauge(SaverMetric.PARTITIONS_AHEAD, () -> aheadMillis() / 1000);
    }

    /** Rounds once a minute. The caller closes it. */
    public Rounds start() {
        return new Rounds("partitions", clock, Duration.ofMinutes(1), this::round,
                () -> metrics.counter(SaverMetric.PARTITION_FAILURES).increment());
    }

    /** Makes what a shard needs to be written to. Blocks. */
    public void ensure(Shard shard) throws SQLException {
        try (Connection connection = shard.connectForJob()) {
            ensure(shard, connection);
        }
    }

    private void ensure(Shard shard, Connection connection) throws SQLException {
        long now = clock.wallMillis();
        for (LedgerTable table : LedgerTable.values()) {
            Partitions.ensure(connection, table, now);
        }
        aheadUntil.put(shard.number(), Partitions.of(connection, LedgerTable.MSG_LOG).getLast().upperMillis());
    }

    /** One round over all shards that can be reached; another saver's shard is only measured. Blocks. */
    public void round() throws SQLException {
        shards.visitReachable(this::round);
    }

    private void round(Shard shard) throws SQLException {
        try (Connection connection = shard.connectForJob()) {
            boolean done = LedgerLock.ifFree(connection, LOCK, locked -> {
                ensure(shard, locked);
                Sweep sweep = sweeps.computeIfAbsent(shard.number(), any -> new Sweep(clock, effects));
                compact(locked);
                sweep.expireCold(locked);
                drop(locked, sweep);
                sweep.deleteOld(locked);
            });
            if (!done) {
                aheadUntil.put(shard.number(),
                        Partitions.of(connection, LedgerTable.MSG_LOG).getLast().upperMillis());
            }
        }
    }

    private void compact(Connection connection) throws SQLException {
        for (Partition part : Partitions.of(connection, LedgerTable.MSG_LOG)) {
            if (part.old(clock.wallMillis())) {
                compactor.compact(connection, part);
            }
        }
    }

    private void drop(Connection connection, Sweep sweep) throws SQLException {
        for (Partition part : Partitions.of(connection, LedgerTable.END_LOG)) {
            if (part.old(clock.wallMillis())) {
                sweep.deleteEnded(connection, part);
                Partitions.drop(connection, part);
                metrics.counter(SaverMetric.PARTITIONS_DROPPED).increment();
            }
        }
        for (Partition part : Partitions.of(connection, LedgerTable.MSG_COLD)) {
            if (part.old(clock.wallMillis())) {
                Partitions.drop(connection, part);
                metrics.counter(SaverMetric.PARTITIONS_DROPPED).increment();
            }
        }
    }

    private long aheadMillis() {
        return aheadUntil.values().stream().mapToLong(until -> until - clock.wallMillis()).min().orElse(0);
    }

    /** Empty, or how soon a shard runs out of partitions, for health. */
    public Optional<String> trouble() {
        for (Map.Entry<Integer, Long> each : aheadUntil.entrySet()) {
            long left = each.getValue() - clock.wallMillis();
            if (left < LEAST_AHEAD.toMillis()) {
                return Optional.of("ledger " + each.getKey() + ": partitions for " + Duration.ofMillis(left).toMinutes()
                        + " more minutes (expected: 12 h or more)");
            }
        }
        return Optional.empty();
    }
}
