package io.longwire.bench.figure;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.bench.Report;
import io.longwire.bench.process.CpuWatch;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Processor time of a room per ping: each phone pings at an interval, evenly spread; and all of them flat out. */
@Command(name = "room-ping", description = "CPU of the room per ping.")
public final class RoomPingFigure implements Runnable {
    private static final int WARM_UP_SECONDS = 10;

    @Mixin
    private Common common = new Common();

    @Mixin
    private RoomOptions options = new RoomOptions();

    @Option(names = "--every", defaultValue = "5000", description = "Milliseconds between pings (default: 5000).")
    private int every;

    @Option(names = "--seconds", defaultValue = "15", description = "Of each run (default: 15).")
    private double seconds;

    @Override
    public void run() {
        try (var rig = new RoomRig(common, options)) {
            rig.connect(options.connections());
            var flat = measure(rig, "ping flat", "room-ping-flat");
            rig.devices("ping off");
            var paced = measure(rig, "ping every=" + every, "room-ping");
            rig.devices("ping off");
            CpuWatch idle = rig.watch();
            Settle.seconds(seconds);
            double idleMicros = idle.used().of("room") / seconds;
            var report = Report.of("room.ping", "CPU us of the room per ping", paced)
                    .put("connections", options.connections()).put("everyMillis", every)
                    .put("flatOut", RegisterTableFigure.median(flat)).put("idleMicrosPerSecond", idleMicros)
                    .put("measured", "ping and pong of idle phones, evenly spread; idle time not taken off");
            common.print(report, rig.flags());
        }
    }

    private List<Double> measure(RoomRig rig, String order, String name) {
        rig.devices(order);
        Settle.seconds(WARM_UP_SECONDS);
        var micros = new ArrayList<Double>();
        for (int run = 0; run < common.runs(); run++) {
            rig.devices("reset");
            CpuWatch watch = rig.watch();
            Settle.seconds(seconds);
            long used = watch.used().of("room");
            JsonNode stats = rig.devices("stats");
            micros.add(used / Math.max(1, stats.path("pongs").asDouble()));
        }
        rig.profiled(name, () -> Settle.seconds(seconds));
        return micros;
    }
}
