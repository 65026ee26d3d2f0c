package io.longwire.saver.account;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Notes when endpoints were last seen, at most once in {@value #HOURS} h for each: a table of 8 MB remembers which ones
 * were noted in this span of time. Two endpoints that meet in one place of it are noted more often, which the statement
 * itself makes harmless: it changes only rows that are older. A note that is lost is made again at the next fetch.
 * Rooms note those that stay connected, too, every 12 h or so: being connected is being seen.
 */
public final class Seen implements AutoCloseable {
    static final int HOURS = 6;
    static final long SPAN_MILLIS = Duration.ofHours(HOURS).toMillis();
    private static final int PLACES = 1 << 20;
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    private static final BatchQueue.Limits LIMITS = new BatchQueue.Limits(1, 20_000, 1 << 20, Duration.ofMillis(50),
            Duration.ofSeconds(5));

    private final Clock clock;
    private final Shards.PerShard<NoteSeen.Note, Boolean> ledger;
    private final AtomicLongArray noted = new AtomicLongArray(PLACES);
    private final Metrics.Counter dropped;

    public Seen(Shards shards, Clock clock, Metrics metrics) {
        this.clock = clock;
        this.ledger = shards.each(shard -> shard.queue("seen", new NoteSeen(), LIMITS));
        this.dropped = metrics.counter(SaverMetric.SEEN_DROPPED);
    }

    /**
     * The endpoint is connected now. Never blocks, never fails.
     *
     * @param onlineSeconds for how long; 0 = it has just come
     */
    public void note(long endpoint, int onlineSeconds) {
        long now = clock.wallMillis();
        long mixed = (endpoint ^ (now / SPAN_MILLIS * GOLDEN)) * GOLDEN;
        int place = (int) ((endpoint * GOLDEN) >>> 44);
        if (noted.getPlain(place) == mixed) {
            return;
        }
        noted.setPlain(place, mixed);
        ledger.submit(Slots.of(endpoint), new NoteSeen.Note(endpoint, now,
                now - 1_000L * Math.max(0, onlineSeconds))).exceptionally(lost -> {
                    dropped.increment();
                    noted.compareAndSet(place, mixed, 0);
                    return false;
                });
    }

    @Override
    public void close() {
        ledger.close();
    }
}
