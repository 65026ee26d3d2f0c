package io.longwire.saver.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Whether endpoints may be sent to: read in batches, cached for a minute, at most {@value #CACHED} of them. An endpoint
 * that is not known is asked for each time, so one that has just registered can be sent to at once. A deletion is
 * seen by the append script itself (the gone set), so the cache can be late without harm.
 */
public final class Endpoints implements AutoCloseable {
    static final int CACHED = 200_000;
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final BatchQueue.Limits LIMITS = new BatchQueue.Limits(2, 40_000, 16 << 20, Duration.ofMillis(1),
            Duration.ofMillis(300));

    private final Cache<Long, Standing> cache;
    private final Shards.PerShard<Long, Standing> ledger;
    private final Metrics.Counter reads;

    public Endpoints(Shards shards, Clock clock, Metrics metrics) {
        this.cache = Caffeine.newBuilder().maximumSize(CACHED).expireAfterWrite(TTL).ticker(clock::nanos).build();
        this.ledger = shards.each(shard -> shard.queue("endpoint", new ReadStandings(), LIMITS));
        this.reads = metrics.counter(SaverMetric.ENDPOINT_READS);
    }

    /** Never blocks. Fails with StoreFailure when the ledger cannot say. */
    public CompletableFuture<Standing> standing(long endpoint) {
        Standing known = cache.getIfPresent(endpoint);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        reads.increment();
        return ledger.submit(Slots.of(endpoint), endpoint).thenApply(read -> {
            if (read.state() != EndpointRecord.State.ABSENT) {
                cache.put(endpoint, read);
            }
            return read;
        });
    }

    /** What was changed here is read again at once; other savers follow within a minute, their
     * append scripts at once. */
    void forget(long endpoint) {
        cache.invalidate(endpoint);
    }

    @Override
    public void close() {
        ledger.close();
    }
}
