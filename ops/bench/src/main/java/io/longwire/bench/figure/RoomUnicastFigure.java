package io.longwire.bench.figure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.bench.Report;
import io.longwire.bench.load.Load;
import io.longwire.bench.load.LoadResult;
import io.longwire.bench.load.Pace;
import io.longwire.bench.load.RoomTarget;
import io.longwire.bench.process.CpuWatch;
import io.longwire.bench.process.GcLog;
import java.util.ArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Processor time of a room per DURABLE push that a phone got and acked, flat out and at a moderate rate. The driver is
 * the center: it sends over the room's own gRPC stream; acks go to a saver that keeps nothing. Two lines.
 */
@Command(name = "room-unicast", description = "CPU of the room per push delivered and acked.")
public final class RoomUnicastFigure implements Runnable {
    private static final int PATIENCE_SECONDS = 10;
    private static final int OPEN_WINDOW = 20_000;

    @Mixin
    private Common common = new Common();

    @Mixin
    private RoomOptions options = new RoomOptions();

    @Option(names = "--payload", defaultValue = "512", description = "Bytes (default: 512).")
    private int payload;

    @Option(names = "--window", defaultValue = "1024", description = "Pushes in flight, flat out (default: 1024).")
    private int window;

    @Option(names = "--rate", defaultValue = "0", description = "Moderate rate a second (default: 40 % of flat out).")
    private double rate;

    @Option(names = "--seconds", defaultValue = "10", description = "Of each run (default: 10).")
    private double seconds;

    private int run;

    private record Measured(double micros, double perSecond, double othersCores, LoadResult load, JsonNode devices,
            GcLog.Pauses pauses) {
    }

    @Override
    public void run() {
        try (var rig = new RoomRig(common, options)) {
            rig.connect(options.connections());
            try (var target = RoomTarget.to(rig.endpoints(), payload, rig.rig().self())) {
                double flat = series(rig, target, new Pace.Closed(window), "room.unicast.flat");
                double moderate = rate > 0 ? rate : Math.round(0.4 * flat / 100) * 100.0;
                series(rig, target, new Pace.Open(moderate, OPEN_WINDOW), "room.unicast.moderate");
            }
        }
    }

    /** One warm-up, then the runs; prints the line and returns deliveries a second. */
    private double series(RoomRig rig, RoomTarget target, Pace pace, String figure) {
        measure(rig, target, pace);
        var all = new ArrayList<Measured>();
        for (int i = 0; i < common.runs(); i++) {
            all.add(measure(rig, target, pace));
        }
        rig.profiled(figure.replace('.', '-'), () -> measure(rig, target, pace));
        Measured last = all.getLast();
        double perSecond = RegisterTableFigure.median(all.stream().map(Measured::perSecond).toList());
        Report report = Report.of(figure, "CPU us of the room per push delivered and acked",
                all.stream().map(Measured::micros).toList())
                .put("connections", options.connections()).put("payloadBytes", payload)
                .put("deliveredPerSecond", perSecond)
                .put("offered", pace instanceof Pace.Open open
                        ? Math.round(open.perSecond()) + " a second"
                        : window + " in flight")
                .put("gcPauseMaxMillis",
                        all.stream().mapToDouble(each -> each.pauses().longestMillis()).max().orElse(0))
                .put("othersCores", all.stream().mapToDouble(Measured::othersCores).max().orElse(0));
        last.load().writeTo(report.more("pushed"));
        report.more("sendToDeviceMicros").setAll((ObjectNode) last.devices().path("latencyMicros"));
        report.more("devices").put("unique", last.devices().path("unique").asLong())
                .put("duplicates", last.devices().path("duplicates").asLong())
                .put("acked", last.devices().path("acked").asLong())
                .put("ackFrames", last.devices().path("ackFrames").asLong());
        report.more("trouble").setAll((ObjectNode) last.devices().path("trouble"));
        common.print(report, rig.flags());
        return perSecond;
    }

    private Measured measure(RoomRig rig, RoomTarget target, Pace pace) {
        run++;
        Load load = rig.load(target, run);
        rig.pauses().mark();
        CpuWatch watch = rig.watch();
        LoadResult result = load.run(run, pace, seconds);
        JsonNode stats = rig.counted(result.accepted(), PATIENCE_SECONDS);
        CpuWatch.Used used = watch.used();
        double acked = Math.max(1, stats.path("acked").asDouble());
        double took = (stats.path("lastPushNanos").asLong() - result.beganNanos()) / 1e9;
        return new Measured(used.of("room") / acked, stats.path("unique").asDouble() / took, used.othersCores(), result,
                stats, rig.pauses().pauses());
    }
}
