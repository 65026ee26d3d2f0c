package io.longwire.bench.figure;

import io.longwire.bench.Report;
import io.longwire.bench.backend.Mood;
import io.longwire.bench.backend.ProductBackend;
import io.longwire.bench.process.CpuWatch;
import io.longwire.coordinator.client.consume.ConsumerOptions;
import io.longwire.coordinator.client.consume.EventConsumer;
import io.longwire.coordinator.client.consume.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How fast events that wait go out of one coordinator, its Redis and whoever takes them on the same machine: by
 * callbacks, as many events in a request as may be and one in each, and by pull streams. Events are kept first, so that
 * nothing but the way out is measured. The backend and the consumer are in the driver.
 */
@Command(name = "events-out", description = "Events/s by callbacks (batches; one by one) and by pull, on this machine.")
public final class EventsOutFigure implements Runnable {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final double PATIENCE_SECONDS = 600;

    @Mixin
    private Common common = new Common();

    @Option(names = "--events", defaultValue = "100000", description = "Of each run (default: 100,000).")
    private int events;

    @Option(names = "--size", defaultValue = "200", description = "Bytes of a body (default: 200).")
    private int size;

    /** How one way went in one run. */
    private record Run(double perSecond, double requestsPerSecond, CpuWatch.Used used) {
    }

    private enum Way {
        PULL("pull", 0), CALLBACKS("callbacks of 100", 100), SINGLE("callbacks of 1", 1);

        private final String label;
        private final int batch;

        Way(String label, int batch) {
            this.label = label;
            this.batch = batch;
        }

        // One by one takes long: a tenth says as much.
        int share(int events) {
            return this == SINGLE ? Math.max(1, events / 10) : events;
        }
    }

    @Override
    public void run() {
        try (var rig = new EventsRig(common, "events-rig", Map.of())) {
            for (Way way : Way.values()) {
                way(rig, way, 0);
                var runs = new ArrayList<Run>();
                for (int run = 1; run <= common.runs(); run++) {
                    runs.add(way(rig, way, run));
                }
                report(rig, way, runs);
            }
        }
    }

    private Run way(EventsRig rig, Way way, int run) {
        String type = "out-" + way.name() + "-" + run;
        int count = way.share(events);
        rig.fill(type, count, size, run);
        Settle.seconds(1);
        return way == Way.PULL ? pull(rig, type, count) : callbacks(rig, type, way, count);
    }

    private static Run pull(EventsRig rig, String type, int count) {
        var taken = new Taken();
        CpuWatch watch = rig.rig().watch();
        try (var consumer = EventConsumer.start(new ConsumerOptions(List.of(rig.api()), EventsRig.KEY, type, "bench",
                "bench", 4, 1_000, Duration.ZERO), event -> {
                    taken.take(event);
                    return Verdict.FIN;
                })) {
            taken.await(count, PATIENCE_SECONDS);
            if (consumer.ended().isDone()) {
                throw new IllegalStateException("consumer: ended (expected: while it has to do)");
            }
            return new Run(count / taken.seconds(), 0, watch.used());
        }
    }

    private static Run callbacks(EventsRig rig, String type, Way way, int count) {
        var taken = new Taken();
        var requests = new AtomicLong();
        try (var backend = new ProductBackend(got -> Mood.WELL, got -> {
            requests.incrementAndGet();
            taken.take(got);
        })) {
            CpuWatch watch = rig.rig().watch();
            rig.callback(EventsRig.APP, type, backend.url(), way.batch, TIMEOUT_MILLIS);
            taken.await(count, PATIENCE_SECONDS);
            Run run = new Run(count / taken.seconds(), requests.get() / taken.seconds(), watch.used());
            rig.noCallback(EventsRig.APP, type);
            return run;
        }
    }

    private void report(EventsRig rig, Way way, List<Run> runs) {
        int count = way.share(events);
        Report report = Report.of("events-out", "events/s, " + way.label, runs.stream().map(Run::perSecond).toList())
                .put("events", count).put("sizeBytes", size);
        if (way != Way.PULL) {
            report.put("requestsPerSecond",
                    RegisterTableFigure.median(runs.stream().map(Run::requestsPerSecond).toList()));
        }
        Run last = runs.getLast();
        last.used().micros().forEach((process, micros) -> Report.number(report.more("cpuMicrosPerEvent"), process,
                micros / (double) count));
        report.put("othersCores", last.used().othersCores());
        common.print(report, rig.flags());
    }
}
