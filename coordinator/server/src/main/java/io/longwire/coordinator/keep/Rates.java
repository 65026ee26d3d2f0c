package io.longwire.coordinator.keep;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * How often an endpoint and an app may send. The uplinks of an endpoint come to one coordinator, which so knows its
 * pace; an app's is shared evenly by all. About 150 bytes for each endpoint that was heard in the last minute, 200,000
 * at most: one that is pushed out begins with its burst again. Thread-safe.
 */
final class Rates {
    private static final int MAX_ENDPOINTS = 200_000;
    private static final int MAX_APPS = 10_000;
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final int ENDPOINT_BURST_SECONDS = 5;

    private final Supplier<KeepConfig> config;
    private final IntSupplier coordinators;
    private final Clock clock;
    private final Cache<Long, Pace> endpoints;
    private final Cache<Integer, Pace> apps;

    /**
     * @param config asked at each uplink
     * @param coordinators how many of us there are, asked at each uplink
     */
    Rates(Supplier<KeepConfig> config, IntSupplier coordinators, Clock clock) {
        this.config = config;
        this.coordinators = coordinators;
        this.clock = clock;
        this.endpoints = Caffeine.newBuilder().maximumSize(MAX_ENDPOINTS).expireAfterAccess(IDLE)
                .ticker(clock::nanos).executor(Runnable::run).build();
        this.apps = Caffeine.newBuilder().maximumSize(MAX_APPS).expireAfterAccess(IDLE).ticker(clock::nanos)
                .executor(Runnable::run).build();
    }

    /** 0 = it may pass, and is counted; else milliseconds until one may. */
    long take(long endpointId, int appId) {
        long now = clock.nanos();
        KeepConfig limits = config.get();
        double own = limits.endpointPerSecond();
        long wait = endpoints.get(endpointId, key -> new Pace(now)).take(now, own, own * ENDPOINT_BURST_SECONDS);
        if (wait == 0) {
            double share = limits.appPerSecond() / (double) Math.max(1, coordinators.getAsInt());
            wait = apps.get(appId, key -> new Pace(now)).take(now, share, share);
        }
        return wait == 0 ? 0 : wait / 1_000_000 + 1;
    }
}
