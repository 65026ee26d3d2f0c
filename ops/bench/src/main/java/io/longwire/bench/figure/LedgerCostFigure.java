package io.longwire.bench.figure;

import io.longwire.bench.Report;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.load.CenterCalls;
import io.longwire.bench.load.CenterGrpcTarget;
import io.longwire.bench.load.EndTarget;
import io.longwire.bench.load.Load;
import io.longwire.bench.load.LoadResult;
import io.longwire.bench.load.Pace;
import io.longwire.bench.load.SaverTarget;
import io.longwire.bench.load.Target;
import io.longwire.bench.process.CpuWatch;
import io.longwire.rpc.saver.AppendItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What the record of a message's end costs, as a share of the processor time of its whole path, stores included. Three
 * things are measured, each at two paces: the whole path without receipts, the same with them, and ends alone, straight
 * at the saver. What a message costs is the slope: what the second pace takes more of the processors, for each message
 * more. So the idle platform, which takes its part at any pace, counts on neither side. The cost is that of the ends
 * and what receipts add. Taking a message out of Redis is part of it, so the share is an upper bound.
 */
@Command(name = "ledger-cost", description = "End rows and receipts: %% of the CPU of the whole path.")
public final class LedgerCostFigure implements Runnable {
    private static final int PATIENCE_SECONDS = 60;
    private static final int WINDOW = 2_000;
    private static final int KNOWN_SECONDS = 6;
    private static final double FOREVER_SECONDS = 3600;
    private static final long UNLIMITED = 1L << 28;
    private static final Set<String> NOT_OURS = Set.of("driver", "devices");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Common common = new Common();

    @Option(names = "--connections", defaultValue = "5000", description = "Phones (default: 5000).")
    private int connections;

    @Option(names = "--low", defaultValue = "2000", description = "Messages a second, at first (default: 2000).")
    private double low;

    @Option(names = "--high", defaultValue = "6000", description = "Messages a second, then (default: 6000).")
    private double high;

    @Option(names = "--seconds", defaultValue = "15", description = "Of each measurement (default: 15).")
    private double seconds;

    @Option(names = "--payload", defaultValue = "256", description = "Bytes (default: 256).")
    private int payload;

    private int run;

    /** What the platform used in a time for so many messages. */
    private record Used(double micros, double seconds, double messages) {
        /** Microseconds for each message that the other has more. */
        double slope(Used more) {
            return (more.micros / more.seconds - micros / seconds)
                    / (more.messages / more.seconds - messages / seconds);
        }
    }

    /** Microseconds a message. */
    private record Measured(double without, double with, double ends) {
        double percent() {
            return 100 * (ends + Math.max(0, with - without)) / with;
        }
    }

    @Override
    public void run() {
        try (var rig = new WholeRig(common, connections, "768m"); CenterCalls operator = rig.operator()) {
            rig.connect();
            measure(rig, operator);
            var all = new ArrayList<Measured>();
            for (int i = 0; i < common.runs(); i++) {
                all.add(measure(rig, operator));
            }
            Measured last = all.getLast();
            common.print(spec, Report.of("ledger.cost", "% of whole-path CPU for end rows and receipts",
                    all.stream().map(Measured::percent).toList()).put("lowPerSecond", low)
                    .put("highPerSecond", high)
                    .put("payloadBytes", payload).put("microsPerMessageWithoutReceipts", last.without)
                    .put("microsPerMessageWithReceipts", last.with).put("microsPerEnd", last.ends), rig.flags());
        }
    }

    private Measured measure(WholeRig rig, CenterCalls operator) {
        operator.receipts(rig.appId(), false);
        Settle.seconds(KNOWN_SECONDS);
        double without = wholePath(rig, low).slope(wholePath(rig, high));
        operator.receipts(rig.appId(), true);
        Settle.seconds(KNOWN_SECONDS);
        double with = wholePath(rig, low).slope(wholePath(rig, high));
        operator.receipts(rig.appId(), false);
        return new Measured(without, with, ends(rig, low).slope(ends(rig, high)));
    }

    private Used wholePath(WholeRig rig, double rate) {
        run++;
        rig.devices("reset run=" + run);
        try (Target target = new CenterGrpcTarget(rig.api(), rig.apiKey(), rig.endpoints(), payload)) {
            CpuWatch watch = rig.rig().watch();
            LoadResult result = new Load(target, rig.endpoints().size(), 10, run, rig.rig().self().clock())
                    .run(run, new Pace.Open(rate, WINDOW), seconds, UNLIMITED);
            rig.devices("await count=" + result.accepted() + " patience=" + PATIENCE_SECONDS);
            Settle.seconds(1); // the last acks
            return used(watch.used(), result.accepted());
        }
    }

    private Used ends(WholeRig rig, double rate) {
        List<BenchEndpoint> absent = rig.absent(connections);
        int count = (int) (rate * seconds);
        List<AppendItem> waiting;
        try (var target = new SaverTarget(rig.rig().self(), absent, payload).keeping()) {
            new Load(target, absent.size(), 1, ++run, rig.rig().self().clock()).inTurn()
                    .run(run, new Pace.Closed(1000), FOREVER_SECONDS, count);
            waiting = target.taken();
        }
        Settle.seconds(1);
        try (var target = new EndTarget(rig.rig().self(), waiting)) {
            CpuWatch watch = rig.rig().watch();
            LoadResult result = new Load(target, 1, 1, run, rig.rig().self().clock()).run(run,
                    new Pace.Open(rate, WINDOW), FOREVER_SECONDS, waiting.size());
            if (result.accepted() < waiting.size()) {
                throw new IllegalStateException("ended: " + result.outcomes() + " (expected: " + waiting.size() + ")");
            }
            return used(watch.used(), result.accepted());
        }
    }

    /** Of every part and store. */
    private static Used used(CpuWatch.Used used, long messages) {
        double micros = used.micros().entrySet().stream().filter(process -> !NOT_OURS.contains(process.getKey()))
                .mapToDouble(process -> process.getValue()).sum();
        return new Used(micros, used.seconds(), messages);
    }
}
