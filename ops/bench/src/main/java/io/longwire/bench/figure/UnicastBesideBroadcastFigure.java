package io.longwire.bench.figure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.bench.Report;
import io.longwire.bench.load.Load;
import io.longwire.bench.load.LoadResult;
import io.longwire.bench.load.Pace;
import io.longwire.bench.load.RoomTarget;
import io.longwire.rpc.room.WalkStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How long unicast pushes take to their phones while the room walks one broadcast after the other to all of them,
 * beside the same without: what "unicast goes first" is worth. An open loop of pushes, in turn without and with.
 */
@Command(name = "unicast-beside-broadcast",
        description = "Latency of unicast pushes while broadcasts are walked, beside without.")
public final class UnicastBesideBroadcastFigure implements Runnable {
    private static final int PATIENCE_SECONDS = 30;
    private static final int WINDOW = 20_000;

    @Mixin
    private Common common = new Common();

    @Mixin
    private RoomOptions options = new RoomOptions();

    @Option(names = "--payload", defaultValue = "512", description = "Bytes (default: 512).")
    private int payload;

    @Option(names = "--unicast", defaultValue = "1000", description = "Unicast pushes a second (default: 1000).")
    private double unicast;

    @Option(names = "--rate", defaultValue = "0",
            description = "Pace of the broadcasts, all rooms (default: none, as fast as the rooms can).")
    private int rate;

    @Option(names = "--seconds", defaultValue = "10", description = "Of each run, and again beside (default: 10).")
    private double seconds;

    @Option(names = "--warm-ups", defaultValue = "20", description = "Broadcasts before the measured (default: 20).")
    private int warmUps;

    private int run;

    /** @param broadcasts that were walked meanwhile, each to every phone */
    private record Measured(JsonNode unicast, int broadcasts, LoadResult load, JsonNode devices) {
        double p99() {
            return unicast.path("p99").asDouble();
        }
    }

    @Override
    public void run() {
        try (var rig = new RoomRig(common, options)) {
            rig.connect(options.connections());
            var walks = new WalkDriver(rig, payload, rate);
            for (int i = 0; i < warmUps; i++) {
                walk(rig, walks);
            }
            try (var target = RoomTarget.to(rig.endpoints(), payload, rig.rig().self())) {
                measure(rig, target, walks, true); // the warm-up of the pushes
                var without = new ArrayList<Measured>();
                var beside = new ArrayList<Measured>();
                for (int i = 0; i < common.runs(); i++) {
                    without.add(measure(rig, target, walks, false));
                    beside.add(measure(rig, target, walks, true));
                }
                common.print(report(without, beside), rig.flags());
            }
        }
    }

    private Measured measure(RoomRig rig, RoomTarget target, WalkDriver walks, boolean isBeside) {
        run++;
        Load load = rig.load(target, run);
        CompletableFuture<LoadResult> result = CompletableFuture.supplyAsync(
                () -> load.run(run, new Pace.Open(unicast, WINDOW), seconds),
                task -> Thread.ofVirtual().start(task));
        int broadcasts = 0;
        while (isBeside && !result.isDone()) {
            walk(rig, walks);
            broadcasts++;
        }
        LoadResult pushed = result.join();
        JsonNode stats = rig.counted(pushed.accepted(), PATIENCE_SECONDS);
        return new Measured(stats.path("unicastMicros"), broadcasts, pushed, stats);
    }

    private void walk(RoomRig rig, WalkDriver walks) {
        long sequence = walks.nextSequence();
        int patience = PATIENCE_SECONDS + (rate == 0 ? 0 : options.connections() / rate);
        walks.begin();
        rig.devices("await broadcast=" + sequence + " count=" + rig.connections() + " patience=" + patience);
        walks.await(WalkStatus::getAcked, rig.connections(), PATIENCE_SECONDS);
    }

    private Report report(List<Measured> without, List<Measured> beside) {
        Measured last = beside.getLast();
        Report report = Report.of("unicast.beside.broadcast",
                "us from due to the phone, 99 % of unicast pushes, while broadcasts are walked",
                beside.stream().map(Measured::p99).toList())
                .put("withoutP99Micros", RegisterTableFigure.median(without.stream().map(Measured::p99).toList()))
                .put("connections", options.connections()).put("rooms", options.rooms()).put("payloadBytes", payload)
                .put("unicastPerSecond", unicast).put("ratePerSecond", rate)
                .put("broadcastsWalked", last.broadcasts());
        report.more("besideMicros").setAll((ObjectNode) last.unicast());
        report.more("withoutMicros").setAll((ObjectNode) without.getLast().unicast());
        last.load().writeTo(report.more("pushed"));
        report.more("devices").put("unique", last.devices().path("unique").asLong())
                .put("duplicates", last.devices().path("duplicates").asLong());
        report.more("trouble").setAll((ObjectNode) last.devices().path("trouble"));
        return report;
    }
}
