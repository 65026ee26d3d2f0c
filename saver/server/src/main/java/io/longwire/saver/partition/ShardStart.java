package io.longwire.saver.partition;

import io.longwire.keeper.clock.Clock;
import io.longwire.saver.cold.SlotStates;
import io.longwire.saver.ledger.Schema;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.watch.Rounds;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes each shard ready: schema, a row for each slot, partitions. A shard that cannot be reached is said once, in
 * one sentence, and tried again every second; the others serve meanwhile.
 */
public final class ShardStart implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShardStart.class);

    private final Shards shards;
    private final PartitionKeeper partitions;
    private final Set<Integer> ready = ConcurrentHashMap.newKeySet();
    private final CountDownLatch waiting;
    private final Rounds rounds;
    private volatile String said = "";

    public ShardStart(Shards shards, PartitionKeeper partitions, Clock clock) {
        this.shards = shards;
        this.partitions = partitions;
        this.waiting = new CountDownLatch(shards.list().size());
        this.rounds = new Rounds("ledger-start", clock, Duration.ofSeconds(1), this::round, () -> { // said by the round
        });
        Thread.ofVirtual().name("ledger-start").start(rounds::runOnce);
    }

    private void round() {
        for (Shard shard : shards.list()) {
            if (ready.contains(shard.number())) {
                continue;
            }
            try {
                Schema.migrate(shard);
                SlotStates.ensureRows(shard);
                partitions.ensure(shard);
                shard.ready();
                ready.add(shard.number());
                waiting.countDown();
                LOG.info("ledger {}: ready", shard.number());
            } catch (SQLException | StoreFailure notYet) {
                String why = String.valueOf(notYet.getMessage()).lines().findFirst().orElse("");
                if (!why.equals(said)) {
                    said = why;
                    LOG.warn("ledger {}: not ready, tried again every second: {}", shard.number(), why);
                }
            }
        }
    }

    /** Waits for all shards; false if one was not ready in time. */
    public boolean await(Duration atMost) throws InterruptedException {
        return waiting.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        rounds.close();
    }
}
