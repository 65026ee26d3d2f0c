package io.longwire.room.rig;

import io.longwire.keeper.metrics.Metric;
import io.longwire.keeper.metrics.Metrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Counters that can be read back. */
public final class FakeMetrics implements Metrics {
    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
    private final Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();

    @Override
    public Counter counter(Metric metric) {
        return counter(metric.id());
    }

    @Override
    public Counter counter(Metric metric, String tag, String value) {
        return counter(metric.id() + "{" + value + "}");
    }

    @Override
    public void gauge(Metric metric, LongSupplier value) {
        gauges.put(metric.id(), value);
    }

    @Override
    public Timer timer(Metric metric) {
        return taken -> counter(metric.id()).increment();
    }

    public long count(Metric metric) {
        return counter(metric.id()).count();
    }

    public long count(Metric metric, String value) {
        return counter(metric.id() + "{" + value + "}").count();
    }

    private Counter counter(String key) {
        AtomicLong count = counts.computeIfAbsent(key, k -> new AtomicLong());
        return new Counter() {
            @Override
            public void add(long n) {
                count.addAndGet(n);
            }

            @Override
            public long count() {
                return count.get();
            }
        };
    }
}
