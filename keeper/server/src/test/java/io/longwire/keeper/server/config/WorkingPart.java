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

/** A part that does something every 2 ms, and fails at it as often as it is configured to. */
final class WorkingPart {
    private static final Duration EVERY = Duration.ofMillis(2);

    @Nullable
    Service service;
    @Nullable
    Live<Config> config;
    /** Every failPercent that it has ever run with. */
    final Set<Integer> suffered = ConcurrentHashMap.newKeySet();
    /** What it was wired with. */
    volatile int width;
    final String name;
    private int turn;

    WorkingPart(String name) {
        this.name = name;
    }

    /** All but width is live. */
    record Config(int size, int least, int failPercent, int width) {
        static Config read(ConfigNode node) {
            node.about("""
                    size        hot     how large it is
                    least       hot     how small it may be
                    failPercent hot     how often it fails
                    width       restart how wide it is
                    pause       hot     how long it rests
                    """);
            var config = new Config(node.integer("size", 5, 1, 100), node.integer("least", 1, 1, 100),
                    node.integer("failPercent", 0, 0, 100), node.integer("width", 1, 1, 100));
            node.duration("pause", "1s", "1ms", "10s");
            if (config.size < config.least) {
                throw node.wrong("size", config.size, "at least least, " + config.least);
            }
            return config;
        }
    }

    /** What it counts. */
    enum WorkMetric implements Metric {
        DONE("work_done_total", "Calls."), FAILED("work_failed_total", "Failed calls.");

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
        Metrics.Counter done = runtime.metrics().counter(WorkMetric.DONE);
        Metrics.Counter failed = runtime.metrics().counter(WorkMetric.FAILED);
        runtime.vitals(Vitals.RUNTIME.work(WorkMetric.DONE).failures(WorkMetric.FAILED));
        Clock.Cancellable work = runtime.clock().every(EVERY, () -> {
            int percent = live.get().failPercent;
            suffered.add(percent);
            done.increment();
            turn = (turn + 1) % 100;
            if (turn < percent) {
                failed.increment();
            }
        });
        runtime.own(work::cancel);
        runtime.onDrain(WorkingPart::sayGoodbye);
    }

    // Longer than a keeper needs to see it.
    private static void sayGoodbye() {
        try {
            new CountDownLatch(1).await(2, TimeUnit.SECONDS);
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
