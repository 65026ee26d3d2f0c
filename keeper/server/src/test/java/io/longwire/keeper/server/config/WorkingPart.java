package io.longwire.keeper.server.config;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Metric;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Vitals;
import io.longwire.keeper.service.Service;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A part that does something every 2 ms for one of its 100 callers; fails at it, and loses the caller, as often as it
 * is configured to, and says that it took as long as it is configured to.
 */
final class WorkingPart {
    private static final Duration EVERY = Duration.ofMillis(2);
    private static final int CALLERS = 100;

    @Nullable
    Service service;
    @Nullable
    Live<Config> config;
    /** Every configuration that it has ever worked with. */
    final Set<Config> suffered = ConcurrentHashMap.newKeySet();
    /** What it was wired with. */
    volatile int width;
    final String name;
    /** Ends its drain; the test lets it go when a keeper has seen that it drains. */
    final CountDownLatch seen = new CountDownLatch(1);

    WorkingPart(String name) {
        this.name = name;
    }

    /** All but width is live. */
    record Config(int size, int least, int failPercent, int losePercent, int slowMillis, int width) {
        static Config read(ConfigNode node) {
            node.about("""
                    size        hot     how large it is
                    least       hot     how small it may be
                    failPercent hot     how often it fails
                    losePercent hot     how often it loses its caller
                    slowMillis  hot     how long it takes
                    width       restart how wide it is
                    pause       hot     how long it rests
                    """);
            var config = new Config(node.integer("size", 5, 1, 100), node.integer("least", 1, 1, 100),
                    node.integer("failPercent", 0, 0, 100), node.integer("losePercent", 0, 0, 100),
                    node.integer("slowMillis", 1, 1, 1000), node.integer("width", 1, 1, 100));
            node.duration("pause", "1s", "1ms", "10s");
            if (config.size < config.least) {
                throw node.wrong("size", config.size, "at least least, " + config.least);
            }
            return config;
        }
    }

    /** What it counts. */
    enum WorkMetric implements Metric {
        DONE("work_done_total", "Calls."), FAILED("work_failed_total", "Failed calls."), //
        LOST("work_lost_total", "Callers lost, by reason: moved, broken."), CALLERS("work_callers", "Callers."), //
        TIME("work_seconds", "How long a call takes.");

        private final String id;
        private final String sentence;

        WorkMetric(String id, String sentence) {
            this.id = id;
            this.sentence = sentence;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public String sentence() {
            return sentence;
        }
    }

    void wire(Service runtime, Config read) {
        width = read.width;
        Live<Config> live = runtime.live((Config whole) -> whole);
        config = live;
        runtime.metrics().gauge(WorkMetric.CALLERS, () -> CALLERS);
        runtime.vitals(Vitals.RUNTIME.work(WorkMetric.DONE).failures(WorkMetric.FAILED)
                .disconnects(WorkMetric.LOST, WorkMetric.CALLERS, "moved").time(WorkMetric.TIME));
        var day = new Day(runtime.metrics());
        Clock.Cancellable work = runtime.clock().every(EVERY, () -> day.call(live.get()));
        runtime.own(work::cancel);
        runtime.onDrain(this::sayGoodbye);
    }

    /** What it does at each turn, and counts. */
    private final class Day {
        private final Metrics.Counter done;
        private final Metrics.Counter failed;
        private final Metrics.Counter moved;
        private final Metrics.Counter broken;
        private final Metrics.Timer time;
        private int turn;

        Day(Metrics metrics) {
            done = metrics.counter(WorkMetric.DONE);
            failed = metrics.counter(WorkMetric.FAILED);
            moved = metrics.counter(WorkMetric.LOST, "reason", "moved");
            broken = metrics.counter(WorkMetric.LOST, "reason", "broken");
            time = metrics.timer(WorkMetric.TIME);
        }

        void call(Config now) {
            suffered.add(now);
            done.increment();
            moved.increment(); // as callers do who only go elsewhere
            time.record(Duration.ofMillis(now.slowMillis));
            turn = (turn + 1) % 100;
            if (turn < now.failPercent) {
                failed.increment();
            }
            if (turn < now.losePercent) {
                broken.increment();
            }
        }
    }

    private void sayGoodbye() {
        try {
            seen.await(9, TimeUnit.SECONDS);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    Service service() {
        if (service == null) {
            throw new IllegalStateException("not started");
        }
        return service;
    }

    Config config() {
        if (config == null) {
            throw new IllegalStateException("not wired");
        }
        return config.get();
    }
}
