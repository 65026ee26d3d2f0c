package io.longwire.bench.figure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.bench.Report;
import io.longwire.bench.load.CenterGrpcTarget;
import io.longwire.bench.load.CenterRestTarget;
import io.longwire.bench.load.Load;
import io.longwire.bench.load.LoadResult;
import io.longwire.bench.load.Pace;
import io.longwire.bench.load.Target;
import io.longwire.bench.process.CpuWatch;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * DURABLE messages through every part and real stores: from center's API to the ack of the phone. Flat out through
 * SendBatch, at half of that, and one by one over REST. A run counts until the last message has come; three lines.
 */
@Command(name = "whole-path", description = "DURABLE messages API to device ack, all parts and stores.")
public final class WholePathFigure implements Runnable {
    private static final int PATIENCE_SECONDS = 60;
    private static final int OPEN_WINDOW = 2_000;

    @Mixin
    private Common common = new Common();

    @Option(names = "--connections", defaultValue = "18000", description = "Phones (default: 18,000).")
    private int connections;

    @Option(names = "--heap", defaultValue = "768m", description = "Of room, saver and center (default: 768m).")
    private String heap = "768m";

    @Option(names = "--payload", defaultValue = "512", description = "Bytes (default: 512).")
    private int payload;

    @Option(names = "--per-call", defaultValue = "50", description = "Messages in a SendBatch (default: 50).")
    private int perCall;

    @Option(names = "--calls", defaultValue = "16", description = "SendBatch calls in flight (default: 16).")
    private int calls;

    @Option(names = "--rest-connections", defaultValue = "64", description = "REST calls in flight (default: 64).")
    private int restConnections;

    @Option(names = "--rate", defaultValue = "0", description = "Moderate rate a second (default: half of flat out).")
    private double rate;

    @Option(names = "--seconds", defaultValue = "15", description = "Of each run (default: 15).")
    private double seconds;

    @Option(names = "--warm-up", defaultValue = "60", description = "Seconds before the first run (default: 60).")
    private double warmUp;

    @Option(names = "--series", split = ",", defaultValue = "flat,half,rest", description = "Which (default: all).")
    private List<String> series = List.of();

    @Option(names = "--profile-part", defaultValue = "saver", description = "Which part --profile samples.")
    private String profilePart = "saver";

    private int run;

    private record Measured(double perSecond, LoadResult load, JsonNode devices, CpuWatch.Used used) {
        double p99Millis() {
            return devices.path("latencyMicros").path("p99").asDouble() / 1000;
        }
    }

    @Override
    public void run() {
        try (var rig = new WholeRig(common, connections, heap)) {
            rig.connect();
            try (Target target = new CenterGrpcTarget(rig.api(), rig.apiKey(), rig.endpoints(), payload)) {
                measure(rig, target, perCall, new Pace.Closed(calls), warmUp);
                double flat = series.contains("flat")
                        ? series(rig, target, perCall, new Pace.Closed(calls), "whole.grpc.flat")
                        : 2 * rate;
                if (series.contains("half")) {
                    double half = rate > 0 ? rate : Math.round(flat / 200) * 100.0;
                    series(rig, target, perCall, new Pace.Open(half, OPEN_WINDOW), "whole.grpc.half");
                }
            }
            if (series.contains("rest")) {
                rest(rig);
            }
        }
    }

    private void rest(WholeRig rig) {
        try (Target target = new CenterRestTarget(rig.api(), rig.apiKey(), rig.endpoints(), payload,
                restConnections)) {
            series(rig, target, 1, new Pace.Closed(restConnections), "whole.rest.flat");
        }
    }

    private double series(WholeRig rig, Target target, int messages, Pace pace, String figure) {
        measure(rig, target, messages, pace, seconds);
        var all = new ArrayList<Measured>();
        for (int i = 0; i < common.runs(); i++) {
            all.add(measure(rig, target, messages, pace, seconds));
        }
        rig.rig().profiled(profilePart, common.profile(), common.data(), figure.replace('.', '-') + "-" + profilePart,
                () -> measure(rig, target, messages, pace, seconds));
        List<Double> perSecond = all.stream().map(Measured::perSecond).toList();
        boolean paced = pace instanceof Pace.Open;
        var report = paced
                ? Report.of(figure, "ms p99 from API call due to device ack",
                        all.stream().map(Measured::p99Millis).toList())
                : Report.of(figure, "messages/s API to device ack", perSecond);
        report.put("deliveredPerSecond", RegisterTableFigure.median(perSecond)).put("connections", connections)
                .put("payloadBytes", payload).put("messagesPerCall", messages)
                .put("offered", pace.toString())
                .put("othersCores", all.stream().mapToDouble(each -> each.used().othersCores()).max().orElse(0));
        Measured last = all.getLast();
        // What a saver does beside the usual: slots that went cold, fetches from the ledger.
        rig.saver().grown("saver_").forEach((name, change) -> {
            if (name.contains("cold_marks") || name.contains("LEDGER") || name.contains("endpoint_reads")) {
                Report.number(report.more("saverInLastRun"), name, change);
            }
        });
        last.load().writeTo(report.more("api"));
        report.more("apiToDeviceAckMicros").setAll((ObjectNode) last.devices().path("latencyMicros"));
        report.more("devices").put("unique", last.devices().path("unique").asLong())
                .put("duplicates", last.devices().path("duplicates").asLong());
        report.more("trouble").setAll((ObjectNode) last.devices().path("trouble"));
        double delivered = Math.max(1, last.devices().path("unique").asDouble());
        last.used().micros().forEach((process, micros) -> Report.number(report.more("cpuMicrosPerMessage"), process,
                micros / delivered));
        common.print(report, rig.flags());
        return RegisterTableFigure.median(perSecond);
    }

    private Measured measure(WholeRig rig, Target target, int messages, Pace pace, double time) {
        run++;
        rig.devices("reset run=" + run);
        rig.saver().mark();
        CpuWatch watch = rig.rig().watch();
        var load = new Load(target, rig.endpoints().size(), messages, run, rig.rig().self().clock());
        LoadResult result = load.run(run, pace, time);
        rig.devices("await count=" + result.accepted() + " patience=" + PATIENCE_SECONDS);
        JsonNode stats = rig.devices("stats");
        double took = (stats.path("lastPushNanos").asLong() - result.beganNanos()) / 1e9;
        return new Measured(stats.path("unique").asDouble() / took, result, stats, watch.used());
    }
}
