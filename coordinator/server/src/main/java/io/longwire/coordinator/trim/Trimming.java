package io.longwire.coordinator.trim;

import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.client.Partitions;
import io.longwire.coordinator.redis.Keys;
import io.longwire.coordinator.redis.RedisNodes;
import io.longwire.coordinator.redis.RedisSession;
import io.longwire.coordinator.redis.Script;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Once a second, for each partition that is this coordinator's: removes of each kind of event what is finished or too
 * old, 500 at a time, at most 100 times in a row. Two that both think a partition is theirs do no harm. Thread-safe.
 */
public final class Trimming implements AutoCloseable {
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final int LOOKED_AT = 500;
    private static final int IN_A_ROW = 100;

    private final RedisNodes redis;
    private final Supplier<Duration> maxAge;
    private final IntPredicate mine;
    private final Metrics metrics;
    private final AtomicIntegerArray busy = new AtomicIntegerArray(Partitions.COUNT);
    private final Clock.Cancellable rounds;

    /**
     * @param maxAge what is older goes; asked at each look
     * @param mine whether a partition is this coordinator's to trim
     */
    public Trimming(RedisNodes redis, Supplier<Duration> maxAge, IntPredicate mine, Clock clock, Metrics metrics) {
        this.redis = redis;
        this.maxAge = maxAge;
        this.mine = mine;
        this.metrics = metrics;
        this.rounds = clock.every(ROUND, this::round);
    }

    private void round() {
        for (int p = 0; p < Partitions.COUNT; p++) {
            if (mine.test(p) && busy.compareAndSet(p, 0, 1)) {
                int partition = p;
                trim(partition).whenComplete((done, failure) -> {
                    busy.set(partition, 0);
                    if (failure != null) {
                        metrics.counter(CoordinatorMetric.TRIM_FAILED).increment();
                    }
                });
            }
        }
    }

    private CompletableFuture<Void> trim(int partition) {
        RedisSession session = redis.session(partition);
        CompletableFuture<Set<byte[]>> kinds = session == null
                ? redis.away(partition)
                : session.command(commands -> commands.smembers(Keys.index(partition)));
        return kinds.thenCompose(all -> CompletableFuture.allOf(all.stream().map(kind -> trim(partition,
                new String(kind, StandardCharsets.US_ASCII), IN_A_ROW)).toArray(CompletableFuture[]::new)));
    }

    private CompletableFuture<Void> trim(int partition, String kind, int times) {
        int colon = kind.indexOf(':');
        int app = Integer.parseUnsignedInt(kind.substring(0, colon));
        String type = kind.substring(colon + 1);
        byte[][] keys = {Keys.stream(partition, app, type), Keys.budget(partition, app), Keys.index(partition)};
        return redis.<List<Object>>run(partition, Script.TRIM, keys, Keys.ascii(type), Keys.ascii(kind),
                Keys.number(maxAge.get().toMillis()), Keys.number(LOOKED_AT)).thenCompose(answer -> {
                    metrics.counter(CoordinatorMetric.TRIMMED).add((Long) answer.get(0));
                    metrics.counter(CoordinatorMetric.TOO_OLD).add((Long) answer.get(1));
                    return (Long) answer.get(2) == 1 && times > 1
                            ? trim(partition, kind, times - 1)
                            : CompletableFuture.<Void>completedFuture(null);
                });
    }

    @Override
    public void close() {
        rounds.cancel();
    }
}
