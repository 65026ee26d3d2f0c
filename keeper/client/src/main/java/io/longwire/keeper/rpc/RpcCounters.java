package io.longwire.keeper.rpc;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.RuntimeMetric;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What is counted of the calling side: counters, looked up once, and the streams that are open. Thread-safe. */
final class RpcCounters {
    final Metrics.Counter batches;
    final Metrics.Counter items;
    final Metrics.Counter retries;
    final Metrics.Counter retriesDenied;
    final Metrics.Counter breakerOpens;
    final Metrics.Counter streamBreaks;
    private final Set<BatchStream<?, ?, ?, ?>> open = ConcurrentHashMap.newKeySet();
    private final Map<RpcFailure.Kind, Metrics.Counter> failures = new EnumMap<>(RpcFailure.Kind.class);

    RpcCounters(Metrics metrics) {
        batches = metrics.counter(RuntimeMetric.RPC_BATCHES);
        items = metrics.counter(RuntimeMetric.RPC_ITEMS);
        retries = metrics.counter(RuntimeMetric.RPC_RETRIES);
        retriesDenied = metrics.counter(RuntimeMetric.RPC_RETRIES_DENIED);
        breakerOpens = metrics.counter(RuntimeMetric.RPC_BREAKER_OPENS);
        streamBreaks = metrics.counter(RuntimeMetric.RPC_STREAM_BREAKS);
        metrics.gauge(RuntimeMetric.RPC_QUEUED, () -> open.stream().mapToLong(BatchStream::queued).sum());
        metrics.gauge(RuntimeMetric.RPC_IN_FLIGHT, () -> open.stream().mapToLong(BatchStream::inFlight).sum());
        for (RpcFailure.Kind kind : RpcFailure.Kind.values()) {
            failures.put(kind,
                    metrics.counter(RuntimeMetric.RPC_FAILURES, "kind", kind.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** Counts what waits in it until it is {@link #closed}. */
    <I, R, Q, A> BatchStream<I, R, Q, A> opened(BatchStream<I, R, Q, A> stream) {
        open.add(stream);
        return stream;
    }

    void closed(BatchStream<?, ?, ?, ?> stream) {
        open.remove(stream);
    }

    void failed(RpcFailure.Kind kind) {
        Objects.requireNonNull(failures.get(kind)).increment();
    }
}
