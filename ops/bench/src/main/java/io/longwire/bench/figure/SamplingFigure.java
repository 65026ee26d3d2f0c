package io.longwire.bench.figure;

import io.longwire.bench.Report;
import io.longwire.bench.load.Load;
import io.longwire.bench.load.LoadResult;
import io.longwire.bench.load.Pace;
import io.longwire.bench.load.RoomTarget;
import io.longwire.bench.process.CpuWatch;
import io.longwire.rpc.process.ProcessGrpc;
import io.longwire.rpc.process.SampleRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What low-rate sampling costs a room: its processor time per push, runs with and without it in turn, as the machine
 * drifts. The value is the ratio, so 1.01 is one percent.
 */
@Command(name = "sampling", description = "What low-rate sampling costs a room: CPU per push, with / without.")
public final class SamplingFigure implements Runnable {
    private static final int PATIENCE_SECONDS = 10;
    private static final int OPEN_WINDOW = 20_000;

    @Mixin
    private Common common = new Common();

    @Mixin
    private RoomOptions options = new RoomOptions();

    @Option(names = "--rate", defaultValue = "15000", description = "Pushes a second (default: 15,000).")
    private double rate;

    @Option(names = "--seconds", defaultValue = "10", description = "Of each run (default: 10).")
    private double seconds;

    private int run;

    @Override
    public void run() {
        try (var rig = new RoomRig(common, options)) {
            rig.connect(options.connections());
            try (var target = RoomTarget.to(rig.endpoints(), 512, rig.rig().self())) {
                measure(rig, target); // warm-up
                measure(rig, target);
                var ratios = new ArrayList<Double>();
                var without = new ArrayList<Double>();
                for (int pair = 0; pair < common.runs(); pair++) {
                    double plain = measure(rig, target);
                    sample(rig, true);
                    double sampled = measure(rig, target);
                    sample(rig, false);
                    ratios.add(sampled / plain);
                    without.add(plain);
                }
                common.print(report(ratios, without), rig.flags());
            }
        }
    }

    private Report report(List<Double> ratios, List<Double> without) {
        return Report.of("room.sampling", "CPU of the room per push, sampled / not sampled", ratios)
                .put("connections", options.connections()).put("perSecond", rate)
                .put("microsWithout", RegisterTableFigure.median(without));
    }

    private double measure(RoomRig rig, RoomTarget target) {
        run++;
        Load load = rig.load(target, run);
        CpuWatch watch = rig.watch();
        LoadResult result = load.run(run, new Pace.Open(rate, OPEN_WINDOW), seconds);
        double acked = Math.max(1, rig.counted(result.accepted(), PATIENCE_SECONDS).path("acked").asDouble());
        return watch.used().of("room") / acked;
    }

    private static void sample(RoomRig rig, boolean on) {
        ProcessGrpc.newBlockingStub(rig.rig().self().rpc().channel(rig.room().rpcAddress()))
                .withDeadlineAfter(10, TimeUnit.SECONDS).sample(SampleRequest.newBuilder().setOn(on).build());
    }
}
