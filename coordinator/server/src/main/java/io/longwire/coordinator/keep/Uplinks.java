package io.longwire.coordinator.keep;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.client.Partitions;
import io.longwire.coordinator.redis.Keys;
import io.longwire.coordinator.redis.RedisConfig;
import io.longwire.coordinator.redis.RedisNodes;
import io.longwire.coordinator.redis.RedisSession;
import io.longwire.coordinator.redis.Script;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Bound;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.coordinator.UplinkBatch;
import io.longwire.rpc.coordinator.UplinkBatchReply;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.coordinator.UplinkResult;
import io.longwire.rpc.coordinator.UplinkResult.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Keeps what phones say. The items of a batch are written into one pipeline of each Redis in their order, so the order
 * of an endpoint's uplinks in a batch, and of batches of one stream, is the order they are kept in. Where replicas are
 * asked for, one WAIT behind them covers the batch, the doubles in it too. Thread-safe, never blocks.
 */
public final class Uplinks {
    private static final Duration REMEMBERED = Duration.ofDays(4); // a phone sends again for three days
    private static final int RETRY_FULL_MILLIS = 10_000;
    private static final int RETRY_AWAY_MILLIS = 1_000;
    private static final UplinkResult KEPT = UplinkResult.newBuilder().setCode(Code.KEPT).build();
    private static final UplinkResult FULL = later(Code.FULL, RETRY_FULL_MILLIS,
            "bytes: the app's events hold as many as they may (expected: its backend reads them)");
    private static final UplinkResult BUSY = later(Code.UNAVAILABLE, RETRY_AWAY_MILLIS,
            "uplinks: too many wait for the store (expected: fewer)");
    private static final UplinkResult NOT_REPLICATED = later(Code.UNAVAILABLE, RETRY_AWAY_MILLIS,
            "redis: no replica confirmed in time");

    private final RedisNodes redis;
    private final Live<KeepConfig> config;
    private final Rates rates;
    private final Clock clock;
    private final Metrics metrics;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final byte[] mostBytes;
    private final byte[] mostTypes;
    private final int typesPerApp;

    /**
     * @param config whose rates and bound of uplinks under way may change
     * @param coordinators how many of us there are, asked at each uplink
     */
    public Uplinks(RedisNodes redis, Live<KeepConfig> config, IntSupplier coordinators, Clock clock, Metrics metrics) {
        this.redis = redis;
        this.config = config;
        this.rates = new Rates(config::get, coordinators, clock);
        this.clock = clock;
        this.metrics = metrics;
        KeepConfig start = config.get();
        this.mostBytes = Keys.number(start.bytesPerApp() / Partitions.COUNT);
        this.typesPerApp = start.typesPerApp();
        this.mostTypes = Keys.number(typesPerApp);
        metrics.gauge(CoordinatorMetric.KEEPING, inFlight::get);
        tell(start, metrics);
        config.onChange(now -> tell(now, metrics));
        metrics.bound(Bound.ofEach(start.bytesPerApp(), CoordinatorMetric.UPLINKS, "outcome", "full"));
    }

    private static void tell(KeepConfig now, Metrics metrics) {
        metrics.bound(Bound.of(CoordinatorMetric.KEEPING, now.maxInFlight(), CoordinatorMetric.KEEPING_FULL));
    }

    /** Answers each item, aligned; never fails. */
    public CompletableFuture<UplinkBatchReply> keep(UplinkBatch batch) {
        long began = clock.nanos();
        var results = new ArrayList<CompletableFuture<UplinkResult>>(batch.getItemsCount());
        Set<RedisSession> written = new LinkedHashSet<>();
        for (UplinkItem item : batch.getItemsList()) {
            results.add(keep(item, written));
        }
        CompletableFuture<Boolean> replicated = replicated(written);
        results.add(replicated.thenApply(all -> all ? KEPT : NOT_REPLICATED));
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)).thenApply(done -> {
            metrics.timer(CoordinatorMetric.KEEP_TIME).record(Duration.ofNanos(clock.nanos() - began));
            return reply(batch, results);
        });
    }

    private UplinkBatchReply reply(UplinkBatch batch, List<CompletableFuture<UplinkResult>> results) {
        UplinkResult word = results.getLast().join();
        var reply = UplinkBatchReply.newBuilder().setBatchId(batch.getBatchId());
        for (int i = 0; i < results.size() - 1; i++) {
            UplinkResult result = results.get(i).join();
            UplinkResult told = result.getCode() == Code.KEPT ? word : result;
            metrics.counter(CoordinatorMetric.UPLINKS, "outcome", told.getCode().name().toLowerCase(Locale.ROOT))
                    .increment();
            reply.addResults(told);
        }
        return reply.build();
    }

    private CompletableFuture<UplinkResult> keep(UplinkItem item, Set<RedisSession> written) {
        String objection = UplinkRules.objection(item);
        if (!objection.isEmpty()) {
            return done(UplinkResult.newBuilder().setCode(Code.REFUSED).setText(objection).build());
        }
        long wait = rates.take(item.getEndpointId(), item.getAppId());
        if (wait > 0) {
            return done(later(Code.TOO_OFTEN, (int) Math.min(wait, 60_000),
                    "rate: above " + config.get().endpointPerSecond() + "/s, or the app's (expected: fewer)"));
        }
        int partition = Partitions.of(item.getEndpointId());
        RedisSession session = redis.keeping(partition);
        if (session == null) {
            return done(later(Code.UNAVAILABLE, RETRY_AWAY_MILLIS, redis.trouble().orElse("redis: no session")));
        }
        if (inFlight.incrementAndGet() > config.get().maxInFlight()) {
            inFlight.decrementAndGet();
            metrics.counter(CoordinatorMetric.KEEPING_FULL).increment();
            return done(BUSY);
        }
        written.add(session);
        return write(session, partition, item).handle((answer, failure) -> {
            inFlight.decrementAndGet();
            return failure == null
                    ? result(answer, item)
                    : later(Code.UNAVAILABLE, RETRY_AWAY_MILLIS, String.valueOf(failure.getMessage()));
        });
    }

    private CompletableFuture<Long> write(RedisSession session, int partition, UplinkItem item) {
        int app = item.getAppId();
        String type = item.getType();
        byte[][] keys = {Keys.stream(partition, app, type), Keys.budget(partition, app),
                Keys.seen(partition, item.getEndpointId()), Keys.asleep(partition, app, type), Keys.index(partition),
                Keys.lastId(partition)};
        return session.run(Script.KEEP, keys, Keys.number(item.getSeq()), item.toByteArray(), mostBytes, mostTypes,
                Keys.ascii(type), Keys.number(REMEMBERED.toMillis()), Keys.ascii(Keys.kind(app, type)),
                Keys.wake(partition));
    }

    private UplinkResult result(long answer, UplinkItem item) {
        return switch ((int) answer) {
            case 0 -> {
                metrics.counter(CoordinatorMetric.UPLINK_DOUBLES).increment();
                yield KEPT;
            }
            case 1 -> {
                metrics.counter(CoordinatorMetric.UPLINK_BYTES).add(item.getBody().size());
                yield KEPT;
            }
            case 2 -> FULL;
            default -> UplinkResult.newBuilder().setCode(Code.REFUSED)
                    .setText("type: " + item.getType() + " (expected: at most " + typesPerApp
                            + " types of an app)")
                    .build();
        };
    }

    private CompletableFuture<Boolean> replicated(Set<RedisSession> written) {
        RedisConfig store = redis.config();
        CompletableFuture<Boolean> all = CompletableFuture.completedFuture(true);
        if (store.replicas() == 0) {
            return all;
        }
        for (RedisSession session : written) {
            CompletableFuture<Boolean> one = session
                    .<Long>command((RedisAsyncCommands<byte[], byte[]> commands) -> commands
                            .waitForReplication(store.replicas(), store.replicaWait().toMillis()))
                    .handle((replicas, failure) -> failure == null && replicas >= store.replicas());
            all = all.thenCombine(one, Boolean::logicalAnd);
        }
        return all.thenApply(confirmed -> {
            if (!confirmed) {
                metrics.counter(CoordinatorMetric.NOT_REPLICATED).increment();
            }
            return confirmed;
        });
    }

    private static CompletableFuture<UplinkResult> done(UplinkResult result) {
        return CompletableFuture.completedFuture(result);
    }

    private static UplinkResult later(Code code, int retryMillis, String text) {
        return UplinkResult.newBuilder().setCode(code).setRetryAfterMs(retryMillis).setText(text).build();
    }
}
