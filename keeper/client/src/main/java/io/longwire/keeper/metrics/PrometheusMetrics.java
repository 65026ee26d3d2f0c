package io.longwire.keeper.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** The metrics of one service, read by Prometheus. Counting is one LongAdder; the registry reads it when asked. */
public final class PrometheusMetrics implements Metrics, AutoCloseable {
    private static final Duration[] BUCKETS = {Duration.ofNanos(100_000), Duration.ofNanos(250_000),
            Duration.ofNanos(500_000), Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5),
            Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(100),
            Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(3),
            Duration.ofSeconds(10)};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();
    private final Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();

    @Override
    public Counter counter(Metric metric) {
        return counters.computeIfAbsent(metric.id(), id -> register(metric, Tags.empty()));
    }

    @Override
    public Counter counter(Metric metric, String tag, String value) {
        return counters.computeIfAbsent(metric.id() + '\n' + tag + '\n' + value,
                id -> register(metric, Tags.of(tag, value)));
    }

    /** Asked for twice, the newer supplier is read. */
    @Override
    public void gauge(Metric metric, LongSupplier value) {
        if (gauges.put(metric.id(), value) == null) {
            Gauge.builder(name(metric), gauges, all -> read(all, metric)).description(metric.sentence())
                    .strongReference(true).register(registry);
        }
    }

    /** What all gauges show now, by id. */
    public Map<String, Double> gauges() {
        var now = new TreeMap<String, Double>();
        gauges.forEach((id, value) -> now.put(id, (double) value.getAsLong()));
        return now;
    }

    /** What all counters have counted, by id, or id{tag=value}. */
    public Map<String, Long> counts() {
        var now = new TreeMap<String, Long>();
        counters.forEach((key, counter) -> {
            String[] words = key.split("\n", -1);
            now.put(words.length == 1 ? key : words[0] + '{' + words[1] + '=' + words[2] + '}', counter.count());
        });
        return now;
    }

    @Override
    public Timer timer(Metric metric) {
        return timers.computeIfAbsent(metric.id(), id -> {
            var timer = io.micrometer.core.instrument.Timer.builder(name(metric)).description(metric.sentence())
                    .serviceLevelObjectives(BUCKETS).register(registry);
            return timer::record;
        });
    }

    /** The page for Prometheus, text format 0.0.4. */
    public String scrape() {
        return registry.scrape();
    }

    /** A counter summed over the values of its tag, some of them left out; 0 if nobody has asked for it. */
    public long sum(Vitals.Counted counted) {
        String id = counted.metric().id();
        long sum = 0;
        for (Map.Entry<String, Counter> one : counters.entrySet()) {
            String key = one.getKey();
            boolean tagged = key.startsWith(id + '\n') && !counted.but().contains(key.substring(key.lastIndexOf('\n')
                    + 1));
            if (key.equals(id) || tagged) {
                sum += one.getValue().count();
            }
        }
        return sum;
    }

    /** A gauge; 0 if nobody has made it. */
    public long value(Metric gauge) {
        LongSupplier value = gauges.get(gauge.id());
        return value == null ? 0 : value.getAsLong();
    }

    /** How many times lay in each bucket, the bounds upwards in seconds; empty if nobody has made the timer. */
    public Histogram histogram(Metric timer) {
        var found = registry.find(name(timer)).timer();
        if (found == null) {
            return new Histogram(List.of(), List.of());
        }
        var snapshot = found.takeSnapshot();
        var bounds = new ArrayList<Double>();
        var counts = new ArrayList<Long>();
        long below = 0;
        for (CountAtBucket bucket : snapshot.histogramCounts()) {
            if (!Double.isInfinite(bucket.bucket())) {
                bounds.add(bucket.bucket(TimeUnit.SECONDS));
                counts.add((long) bucket.count() - below);
                below = (long) bucket.count();
            }
        }
        counts.add(Math.max(0, snapshot.count() - below));
        return new Histogram(List.copyOf(bounds), List.copyOf(counts));
    }

    /**
     * Times by bucket.
     *
     * @param bounds upper ones, in seconds
     * @param counts one more than bounds: the last is above them all
     */
    public record Histogram(List<Double> bounds, List<Long> counts) {
    }

    @Override
    public void close() {
        registry.close();
    }

    private Counter register(Metric metric, Tags tags) {
        var counted = new Counted();
        FunctionCounter.builder(name(metric), counted, Counted::count).description(metric.sentence()).tags(tags)
                .register(registry);
        return counted;
    }

    private static double read(Map<String, LongSupplier> gauges, Metric metric) {
        LongSupplier value = gauges.get(metric.id());
        return value == null ? Double.NaN : value.getAsLong();
    }

    private static String name(Metric metric) {
        return "longwire_" + metric.id();
    }

    private static final class Counted implements Counter {
        private final LongAdder sum = new LongAdder();

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
