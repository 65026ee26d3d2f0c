package io.longwire.bench.figure;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.bench.Report;
import io.longwire.bench.load.CenterCalls;
import io.longwire.bench.message.Stamp;
import io.longwire.bench.process.CpuWatch;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.center.SendReply;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One request to many phones that are online: from the call to the last push, and what a target costs. */
@Command(name = "multicast", description = "One message to 1000 targets: ms, CPU us per target.")
public final class MulticastFigure implements Runnable {
    private static final int PATIENCE_SECONDS = 30;

    @Mixin
    private Common common = new Common();

    @Option(names = "--targets", defaultValue = "1000", description = "Phones (default: 1000).")
    private int targets;

    @Option(names = "--rounds", defaultValue = "20", description = "Messages of each run (default: 20).")
    private int rounds;

    @Option(names = "--payload", defaultValue = "512", description = "Bytes (default: 512).")
    private int payload;

    private record Measured(double answerMillis, double lastMillis, CpuWatch.Used used) {
    }

    @Override
    public void run() {
        try (var rig = new WholeRig(common, targets, "768m"); CenterCalls backend = rig.backend()) {
            rig.connect();
            measure(rig, backend, 1);
            var all = new ArrayList<Measured>();
            for (int run = 2; run < 2 + common.runs(); run++) {
                all.add(measure(rig, backend, run));
            }
            rig.rig().profiled("saver", common.profile(), common.data(), "multicast", () -> measure(rig, backend, 99));
            report(rig, all);
        }
    }

    private void report(WholeRig rig, List<Measured> all) {
        Measured last = all.getLast();
        Report report = Report.of("multicast", "ms from the call to the last push, mean of the rounds",
                all.stream().map(Measured::lastMillis).toList()).put("targets", targets).put("payloadBytes", payload)
                .put("answerMillis", last.answerMillis).put("othersCores", last.used.othersCores());
        double pushes = (double) targets * rounds;
        double sum = 0;
        for (var process : last.used.micros().entrySet()) {
            Report.number(report.more("cpuMicrosPerTarget"), process.getKey(), process.getValue() / pushes);
            sum += process.getKey().equals("driver") || process.getKey().equals("devices") ? 0 : process.getValue();
        }
        report.put("cpuMicrosPerTargetOfThePlatform", sum / pushes);
        common.print(report, rig.flags());
    }

    private Measured measure(WholeRig rig, CenterCalls backend, int run) {
        Clock clock = rig.rig().self().clock();
        CpuWatch watch = rig.rig().watch();
        double answers = 0;
        double lasts = 0;
        for (int round = 0; round < rounds; round++) {
            rig.devices("reset run=" + run);
            long began = clock.nanos();
            SendReply reply = backend.send(rig.endpoints(), Stamp.payload(payload, run, round, began));
            answers += clock.nanos() - began;
            if (reply.getAccepted() != targets) {
                throw new IllegalStateException("accepted: " + reply.getAccepted() + " (expected: " + targets + ")");
            }
            rig.devices("pushes count=" + targets + " patience=" + PATIENCE_SECONDS);
            JsonNode stats = rig.devices("stats");
            if (stats.path("pushes").asInt() != targets) {
                throw new IllegalStateException("pushes: " + stats + " (expected: " + targets + ")");
            }
            lasts += stats.path("lastPushNanos").asLong() - began;
        }
        Settle.seconds(1); // the acks
        return new Measured(answers / rounds / 1e6, lasts / rounds / 1e6, watch.used());
    }
}
