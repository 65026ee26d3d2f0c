package io.longwire.keeper.rpc;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.RuntimeMetric;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The counters of the calling side, looked up once. */
final class RpcCounters {
    final Metrics.Counter batches;
    final Metrics.Counter items;
    final Metrics.Counter retries;
    final Metrics.Counter retriesDenied;
    final Metrics.Counter breakerOpens;
    final Metrics.Counter streamBreaks;
    private final Map<RpcFailure.Kind, Metrics.Counter> failures = new EnumMap<>(RpcFailure.Kind.class);

    RpcCounters(Metrics metrics) {
        batches = metrics.counter(RuntimeMetric.RPC_BATCHES);
        items = metrics.counter(RuntimeMetric.RPC_ITEMS);
        retries = metrics.counter(RuntimeMetric.RPC_RETRIES);
        retriesDenied = metrics.counter(RuntimeMetric.RPC_RETRIES_DENIED);
        breakerOpens = metrics.counter(RuntimeMetric.RPC_BREAKER_OPENS);
        streamBreaks = metrics.counter(RuntimeMetric.RPC_STREAM_BREAKS);
        for (RpcFailure.Kind kind : RpcFailure.Kind.values()) {
            failures.put(kind,
                    metrics.counter(RuntimeMetric.RPC_FAILURES, "kind", kind.name().toLowerCase(Locale.ROOT)));
        }
    }

    void failed(RpcFailure.Kind kind) {
        Objects.requireNonNull(failures.get(kind)).increment();
    }
}
