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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What the record of a message's end costs, as a share of the processor time of its whole path, stores included. Four
 * things are measured in turn: the idle platform, the whole path without receipts, the same with them, and ends alone,
 * straight at the saver, no more than it remembers to have stored, with so many in flight that the ledger commits about
 * as many a transaction as on the whole path. What the idle platform takes is taken off all of them. The cost of the
 * events is what the database does for the rows of the ends and the saver's share in writing them (its samples inside
 * the insert, by async-profiler), of the whole path without receipts. What receipts add anywhere, for an app that wants
 * them, is told beside it.
 *
 * <p>The rest of what the saver does with an end, told apart, is there without a row, too: the room's stream, taking
 * the message out of Redis. The database's part is an upper bound: alone, ends pay for wake-ups which they share on the
 * whole path.
 */
@Command(name = "ledger-cost", description = "End rows: %% of the CPU of the whole path; what receipts add.")
public final class LedgerCostFigure implements Runnable {
    private static final int PATIENCE_SECONDS = 60;
    private static final int WINDOW = 2_000;
    private static final int KNOWN_SECONDS = 6;
    private static final double FOREVER_SECONDS = 3600;
    private static final int CALLS = 16;
    private static final int PER_CALL = 50;
    /** A saver remembers 100,000 messages it has just stored; the end of another one needs a look into the ledger. */
    private static final int REMEMBERED = 80_000;
    /** Of the ledger's queue of ends; each holds a batch while the next gathers. */
    private static final int WORKERS = 4;
    private static final String PROFILED = "cpu";
    private static final String PROFILE = "ledger-cost-saver";
    private static final String INSERT = "io/longwire/saver/ledger/InsertEnds.run";
    private static final String LOOKUPS = "saver_end_lookups";
    private static final String SAVER = "saver";
    private static final String LEDGER = "mariadbd";
    private static final String REDIS = "redis-server";
    private static final Set<String> NOT_OURS = Set.of("driver", "devices");

    @Mixin
    private Common common = new Common();

    @Option(names = "--connections", defaultValue = "5000", description = "Phones (default: 5000).")
    private int connections;

    @Option(names = "--rate", defaultValue = "0", description = "Messages a second (default: 0, as many as go).")
    private double rate;

    @Option(names = "--seconds", defaultValue = "15", description = "Of each measurement (default: 15).")
    private double seconds;

    @Option(names = "--warm-up", defaultValue = "60", description = "Seconds before the first run (default: 60).")
    private double warmUp;

    @Option(names = "--payload", defaultValue = "256", description = "Bytes (default: 256).")
    private int payload;

    private int run;

    /** Microseconds: of the saver, of the ledger's database, of Redis, and of all parts and stores. */
    private record Micros(double saver, double database, double redis, double all) {
        static Micros of(CpuWatch.Used used) {
            double all = used.micros().entrySet().stream().filter(process -> !NOT_OURS.contains(process.getKey()))
                    .mapToDouble(Map.Entry::getValue).sum();
            return new Micros(used.of(SAVER), used.of(LEDGER), used.of(REDIS), all);
        }

        Micros per(double units) {
            return new Micros(saver / units, database / units, redis / units, all / units);
        }

        Micros above(Micros other) {
            return new Micros(saver - other.saver, database - other.database, redis - other.redis, all - other.all);
        }
    }

    /**
     * Of many messages, above the idle platform.
     *
     * @param each a message
     * @param endsPerCommit rows of ends in a transaction of the ledger
     */
    private record Cost(Micros each, double perSecond, double endsPerCommit) {
    }

    /** @param inserting share of the saver's time of an end that writes its row */
    private record Ends(Cost cost, double inserting) {
        double writing() {
            return cost.each.saver * inserting;
        }
    }

    /** @param idle a second */
    private record Measured(Micros idle, Cost without, Cost with, Ends ends) {
        double percent() {
            return 100 * (ends.writing() + ends.cost.each.database) / without.each.all;
        }

        double percentOfReceipts() {
            return 100 * (with.each.all - without.each.all) / without.each.all;
        }
    }

    @Override
    public void run() {
        try (var rig = new WholeRig(common, connections, "768m"); CenterCalls operator = rig.operator()) {
            rig.connect();
            wholePath(rig, new Micros(0, 0, 0, 0), warmUp);
            measure(rig, operator);
            var all = new ArrayList<Measured>();
            for (int i = 0; i < common.runs(); i++) {
                all.add(measure(rig, operator));
            }
            Measured last = all.getLast();
            common.print(Report.of("ledger.cost", "% of whole-path CPU for the rows of ends",
                    all.stream().map(Measured::percent).toList())
                    .put("percentThatReceiptsAddOnAverage",
                            all.stream().mapToDouble(Measured::percentOfReceipts).average().orElseThrow())
                    .put("ratePerSecond", rate)
                    .put("payloadBytes", payload).put("coresIdle", last.idle.all / 1e6)
                    .put("messagesPerSecond", last.with.perSecond)
                    .put("microsPerMessageWithoutReceipts", last.without.each.all)
                    .put("microsPerMessageWithReceipts", last.with.each.all)
                    .put("endsPerCommitOfTheWholePath", last.with.endsPerCommit)
                    .put("endsPerCommitAlone", last.ends.cost.endsPerCommit)
                    .put("microsPerEndInSaver", last.ends.cost.each.saver)
                    .put("microsPerEndInSaverToWriteItsRow", last.ends.writing())
                    .put("microsPerEndInDatabase", last.ends.cost.each.database)
                    .put("microsPerEndInRedis", last.ends.cost.each.redis), rig.flags());
        }
    }

    private Measured measure(WholeRig rig, CenterCalls operator) {
        operator.receipts(rig.appId(), false);
        Settle.seconds(KNOWN_SECONDS);
        CpuWatch watch = rig.rig().watch();
        Settle.seconds((int) seconds);
        CpuWatch.Used nothing = watch.used();
        Micros idle = Micros.of(nothing).per(nothing.seconds());
        Cost without = wholePath(rig, idle, seconds);
        operator.receipts(rig.appId(), true);
        Settle.seconds(KNOWN_SECONDS);
        Cost with = wholePath(rig, idle, seconds);
        operator.receipts(rig.appId(), false);
        Settle.seconds(KNOWN_SECONDS);
        return new Measured(idle, without, with, ends(rig, idle, with));
    }

    private Cost wholePath(WholeRig rig, Micros idle, double time) {
        run++;
        rig.devices("reset run=" + run);
        try (Target target = new CenterGrpcTarget(rig.api(), rig.apiKey(), rig.endpoints(), payload)) {
            rig.saver().mark();
            CpuWatch watch = rig.rig().watch();
            LoadResult result = new Load(target, rig.endpoints().size(), rate > 0 ? 10 : PER_CALL, run,
                    rig.rig().self().clock()).run(run, pace(CALLS), time);
            rig.devices("await count=" + result.accepted() + " patience=" + PATIENCE_SECONDS);
            Settle.seconds(1); // the last acks
            return cost(rig, watch.used(), idle, result);
        }
    }

    private Pace pace(int callsInFlight) {
        return rate > 0 ? new Pace.Open(rate, WINDOW) : new Pace.Closed(callsInFlight);
    }

    private Ends ends(WholeRig rig, Micros idle, Cost wholePath) {
        List<BenchEndpoint> absent = rig.absent(connections);
        int count = Math.min(REMEMBERED, (int) (wholePath.perSecond * seconds));
        List<AppendItem> waiting;
        try (var target = new SaverTarget(rig.rig().self(), absent, payload).keeping()) {
            new Load(target, absent.size(), 1, ++run, rig.rig().self().clock()).inTurn()
                    .run(run, new Pace.Closed(1000), FOREVER_SECONDS, count);
            waiting = target.taken();
        }
        Settle.seconds(1);
        try (var target = new EndTarget(rig.rig().self(), waiting)) {
            int inFlight = (int) Math.max(1, Math.round(2 * WORKERS * wholePath.endsPerCommit));
            var load = new Load(target, 1, 1, run, rig.rig().self().clock());
            var cost = new AtomicReference<@Nullable Cost>();
            rig.rig().profiled(SAVER, PROFILED, common.data(), PROFILE, () -> {
                rig.saver().mark();
                CpuWatch watch = rig.rig().watch();
                LoadResult result = load.run(run, pace(inFlight), FOREVER_SECONDS, waiting.size());
                if (result.accepted() < waiting.size()) {
                    throw new IllegalStateException(
                            "ended: " + result.outcomes() + " (expected: " + waiting.size() + ")");
                }
                cost.set(cost(rig, watch.used(), idle, result));
                double looked = rig.saver().grown(LOOKUPS).values().stream().mapToDouble(Double::doubleValue).sum();
                if (looked > 0) {
                    throw new IllegalStateException("looked up in the ledger: " + looked + " of " + waiting.size()
                            + " messages (expected: 0, as on the whole path)");
                }
            });
            return new Ends(Objects.requireNonNull(cost.get()),
                    share(common.data().resolve(PROFILE + "-" + PROFILED + ".collapsed"), INSERT));
        }
    }

    // Of the samples of a profile, those inside the method.
    private static double share(Path collapsed, String method) {
        long inside = 0;
        long all = 0;
        try {
            for (String line : Files.readAllLines(collapsed)) {
                long samples = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
                all += samples;
                inside += line.contains(method) ? samples : 0;
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(collapsed + ": not read", unreadable);
        }
        if (inside == 0) {
            throw new IllegalStateException(collapsed + ": no sample in " + method);
        }
        return (double) inside / all;
    }

    private static Cost cost(WholeRig rig, CpuWatch.Used used, Micros idle, LoadResult result) {
        double messages = result.accepted();
        Micros each = Micros.of(used).above(idle.per(1 / used.seconds())).per(messages);
        return new Cost(each, messages / used.seconds(),
                ofEnds(rig, "saver_ledger_rows") / Math.max(1, ofEnds(rig, "saver_ledger_batches")));
    }

    private static double ofEnds(WholeRig rig, String counter) {
        return rig.saver().grown(counter).entrySet().stream().filter(each -> each.getKey().contains("queue=\"end\""))
                .mapToDouble(Map.Entry::getValue).sum();
    }
}
