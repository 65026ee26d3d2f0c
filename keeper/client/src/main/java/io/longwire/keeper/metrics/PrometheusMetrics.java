package io.longwire.keeper.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final Map<String, Bound> bounds = new ConcurrentHashMap<>();

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

    /** Told twice of the same queue, the newer bound is shown. */
    @Override
    public void bound(Bound bound) {
        Metric of = Objects.requireNonNull(bound.held() != null ? bound.held() : bound.hits());
        String id = of.id() + bound.value();
        if (bounds.put(id, bound) == null) {
            Gauge.builder(name(of) + "_bound", bounds, all -> most(all, id))
                    .description("The bound of " + name(of) + ".")
                    .tags(bound.tag().isEmpty() ? Tags.empty() : Tags.of(bound.tag(), bound.value()))
                    .strongReference(true).register(registry);
        }
    }

    /** How what is bounded stands now, by metric. */
    public List<BoundNow> bounds() {
        return bounds.values().stream().map(this::now).sorted(Comparator.comparing(BoundNow::metric)).toList();
    }

    /**
     * A bound, and what is there.
     *
     * @param metric of what is held; else of what happened
     * @param held negative = not counted
     * @param hitsMetric empty = what happens there is not counted
     */
    public record BoundNow(String metric, String about, long held, long most, String hitsMetric, long hits) {
    }

    private BoundNow now(Bound bound) {
        Metric held = bound.held();
        Metric hits = bound.hits();
        Metric of = Objects.requireNonNull(held != null ? held : hits);
        String tagged = bound.tag().isEmpty() ? "" : "{" + bound.tag() + "=\"" + bound.value() + "\"}";
        double now = held == null ? -1 : read(gauges, held);
        return new BoundNow(name(of) + (held == null ? tagged : ""), of.sentence(), Double.isNaN(now) ? -1 : (long) now,
                bound.most(), hits == null ? "" : name(hits) + tagged, hits == null ? 0 : count(hits, bound));
    }

    private long count(Metric metric, Bound bound) {
        String one = metric.id() + '\n' + bound.tag() + '\n' + bound.value();
        return counters.entrySet().stream()
                .filter(counter -> bound.tag().isEmpty()
                        ? counter.getKey().equals(metric.id()) || counter.getKey().startsWith(metric.id() + '\n')
                        : counter.getKey().equals(one))
                .mapToLong(counter -> counter.getValue().count()).sum();
    }

    private static double most(Map<String, Bound> all, String id) {
        Bound bound = all.get(id);
        return bound == null ? Double.NaN : bound.most();
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
