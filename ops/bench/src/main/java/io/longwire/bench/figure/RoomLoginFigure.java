package io.longwire.bench.figure;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.bench.Report;
import io.longwire.bench.process.CpuWatch;
import java.util.ArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Processor time of a room per login: accept, CONNECT, credential check, both registers, fetch, answer. All phones log
 * in as fast as the window allows; between the runs they leave in order, which is not measured.
 */
@Command(name = "room-login", description = "CPU of the room per login.")
public final class RoomLoginFigure implements Runnable {
    private static final double SETTLE_SECONDS = 2;

    @Mixin
    private Common common = new Common();

    @Mixin
    private RoomOptions options = new RoomOptions();

    // With three the figure still falls from run to run: the compiler is not done.
    @Option(names = "--warm-ups", defaultValue = "8", description = "Rounds before the measured ones (default: 8).")
    private int warmUps;

    @Override
    public void run() {
        try (var rig = new RoomRig(common, options)) {
            for (int i = 0; i < warmUps; i++) {
                rig.connect(options.connections());
                leave(rig);
            }
            var micros = new ArrayList<Double>();
            var perSecond = new ArrayList<Double>();
            JsonNode last = rig.devices("stats");
            double others = 0;
            for (int run = 0; run < common.runs(); run++) {
                rig.devices("reset");
                CpuWatch watch = rig.watch();
                JsonNode done = login(rig);
                CpuWatch.Used used = watch.used();
                micros.add(used.of("room") / (double) options.connections());
                perSecond.add(options.connections() / done.path("seconds").asDouble());
                others = Math.max(others, used.othersCores());
                last = rig.devices("stats");
                leave(rig);
            }
            rig.profiled("room-login", () -> login(rig));
            Report report = Report.of("room.login", "CPU us of the room per login", micros)
                    .put("connections", options.connections()).put("endpointsEach", options.perConnection())
                    .put("loginsPerSecond", RegisterTableFigure.median(perSecond)).put("othersCores", others)
                    .put("measured", "connect + auth + both registers + fetch; the 2 s after the last login included");
            report.more("loginMicros")
                    .setAll((com.fasterxml.jackson.databind.node.ObjectNode) last.path("loginMicros"));
            report.more("trouble").setAll((com.fasterxml.jackson.databind.node.ObjectNode) last.path("trouble"));
            common.print(report, rig.flags());
        }
    }

    private JsonNode login(RoomRig rig) {
        JsonNode done = rig.connect(options.connections());
        Settle.seconds(SETTLE_SECONDS);
        return done;
    }

    private void leave(RoomRig rig) {
        rig.devices("leave count=0");
        Settle.seconds(SETTLE_SECONDS);
    }
}
