package io.longwire.center.fakes;

import io.longwire.keeper.metrics.Metric;
import io.longwire.keeper.metrics.Metrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counts in memory. */
public final class FakeMetrics implements Metrics {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();

    /** Counts from 0 again. */
    public void reset() {
        counts.values().forEach(LongAdder::reset);
    }

    public long count(Metric metric) {
        return of(metric.id()).sum();
    }

    public long count(Metric metric, String value) {
        return of(metric.id() + "/" + value).sum();
    }

    public long gauge(Metric metric) {
        LongSupplier gauge = gauges.get(metric.id());
        return gauge == null ? -1 : gauge.getAsLong();
    }

    @Override
    public Counter counter(Metric metric) {
        return new Adder(of(metric.id()));
    }

    @Override
    public Counter counter(Metric metric, String tag, String value) {
        return new Adder(of(metric.id() + "/" + value));
    }

    @Override
    public void gauge(Metric metric, LongSupplier value) {
        gauges.put(metric.id(), value);
    }

    @Override
    public Timer timer(Metric metric) {
        return taken -> of(metric.id()).increment();
    }

    private LongAdder of(String id) {
        return counts.computeIfAbsent(id, key -> new LongAdder());
    }

    private record Adder(LongAdder sum) implements Counter {
        @Override
        public void add(long n) {
            sum.add(n);
        }

        @Override
        public long count() {
            return sum.sum();
        }
    }
}
