package io.longwire.bench.figure;

import io.longwire.bench.Report;
import io.longwire.bench.backend.Delivery;
import io.longwire.bench.backend.Mood;
import io.longwire.bench.backend.ProductBackend;
import io.longwire.bench.load.Load;
import io.longwire.bench.load.LoadResult;
import io.longwire.bench.load.Pace;
import io.longwire.bench.load.UplinkTarget;
import io.longwire.keeper.clock.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What product B feels of product A's backend, in rounds of runs that take turns: B alone, B beside an A that takes
 * everything, B beside an A that is slow, answers 500, hangs, redirects, cuts and talks nonsense, a second of each.
 * Time is that from an uplink's due time at the coordinator's door to B's backend. After each bad run A recovers, and
 * all it was owed must have come before the next. Backoff and breaker end at {@code --most-wait}, so that this takes
 * seconds, not ten minutes; a shorter one makes A the busier, and so the harder neighbour.
 */
@Command(name = "bad-backend", description = "p99 of B's callbacks while A's backend fails / of B alone.")
public final class BadBackendFigure implements Runnable {
    private static final int APP_A = EventsRig.APP + 1;
    private static final int APP_B = EventsRig.APP;
    private static final String TYPE = "order";
    private static final int AT_ONCE = 1_000;
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final double PATIENCE_SECONDS = 300;
    private static final long MOOD_NANOS = 1_000_000_000L;
    private static final List<Mood> BAD = List.of(Mood.SLOW, Mood.FAILS, Mood.HANGS, Mood.REDIRECTS, Mood.CUTS,
            Mood.GARBAGE);

    @Mixin
    private Common common = new Common();

    @Option(names = "--rounds", defaultValue = "10", description = "Of three runs (default: 10).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "12", description = "Of each run; a multiple of 6 has every mood as "
            + "often (default: 12).")
    private int seconds;

    @Option(names = "--rate", defaultValue = "300", description = "Uplinks a second of B (default: 300).")
    private int rate;

    @Option(names = "--rate-of-a", defaultValue = "300", description = "Uplinks a second of A (default: 300).")
    private int rateOfA;

    @Option(names = "--warm-up", defaultValue = "60", description = "Seconds of both together (default: 60).")
    private int warmUp;

    @Option(names = "--most-wait", defaultValue = "2s", description = "Longest backoff and breaker (default: 2s).")
    private String mostWait = "2s";

    private final Taken takenOfA = new Taken();
    private final Taken takenOfB = new Taken();
    private volatile boolean bad;
    private volatile long badSince;
    private final AtomicInteger runs = new AtomicInteger();

    /** B in one run. */
    private record Felt(long sent, long kept, long atFirst, Histogram latency) {
        double p99() {
            return latency.getValueAtPercentile(99) / 1e6;
        }

        double success() {
            return sent == 0 ? 0 : 100.0 * Math.min(kept, atFirst) / sent;
        }
    }

    private record Round(Felt alone, Felt well, Felt beside) {
    }

    @Override
    public void run() {
        try (var rig = new EventsRig(common, "bad-backend-rig", Map.of("maxBackoff", mostWait, "breaker",
                Map.of("mostOpen", mostWait)));
                var backendOfA = new ProductBackend(this::mood, takenOfA::take);
                var backendOfB = new ProductBackend(got -> Mood.WELL, takenOfB::take);
                var a = new UplinkTarget(rig.rig().self(), APP_A, TYPE, EventsRig.ENDPOINTS, 200);
                var b = new UplinkTarget(rig.rig().self(), APP_B, TYPE, EventsRig.ENDPOINTS, 200)) {
            rig.callback(APP_A, TYPE, backendOfA.url(), 100, TIMEOUT_MILLIS);
            rig.callback(APP_B, TYPE, backendOfB.url(), 100, TIMEOUT_MILLIS);
            beside(rig, a, b, warmUp, false);
            beside(rig, a, b, seconds, true);
            var all = new ArrayList<Round>();
            for (int round = 0; round < rounds; round++) {
                if (round % 2 == 0) {
                    Felt alone = alone(rig, b);
                    Felt well = beside(rig, a, b, seconds, false);
                    all.add(new Round(alone, well, beside(rig, a, b, seconds, true)));
                } else {
                    Felt beside = beside(rig, a, b, seconds, true);
                    Felt well = beside(rig, a, b, seconds, false);
                    all.add(new Round(alone(rig, b), well, beside));
                }
            }
            report(rig, all);
        }
    }

    private Mood mood(Delivery got) {
        return bad ? BAD.get((int) ((got.nanos() - badSince) / MOOD_NANOS % BAD.size())) : Mood.WELL;
    }

    private Felt alone(EventsRig rig, UplinkTarget b) {
        Settle.seconds(1);
        takenOfB.reset();
        return felt(send(rig, b, rate, seconds));
    }

    private Felt beside(EventsRig rig, UplinkTarget a, UplinkTarget b, int forSeconds, boolean badly) {
        Settle.seconds(1);
        takenOfA.reset();
        takenOfB.reset();
        badSince = Clock.system().nanos();
        bad = badly;
        CompletableFuture<LoadResult> ofA = CompletableFuture.supplyAsync(() -> send(rig, a, rateOfA, forSeconds),
                task -> Thread.ofPlatform().name("product-a").start(task));
        Felt felt = felt(send(rig, b, rate, forSeconds));
        long kept = ofA.join().accepted();
        bad = false;
        takenOfA.await(kept, PATIENCE_SECONDS); // nothing is lost, and the next run begins with nothing owed
        return felt;
    }

    private LoadResult send(EventsRig rig, UplinkTarget target, int perSecond, int forSeconds) {
        int run = runs.incrementAndGet();
        return new Load(target, EventsRig.ENDPOINTS, 1, run, rig.rig().self().clock()).run(run,
                new Pace.Open(perSecond, AT_ONCE), forSeconds);
    }

    private Felt felt(LoadResult sent) {
        takenOfB.await(sent.accepted(), PATIENCE_SECONDS);
        return new Felt(sent.sent(), sent.accepted(), takenOfB.atFirst(), takenOfB.latency());
    }

    private void report(EventsRig rig, List<Round> all) {
        Report report = Report.of("bad-backend", "p99 of B, A's backend failing / B alone",
                all.stream().map(round -> round.beside().p99() / round.alone().p99()).toList())
                .put("medianRatioToAWell", RegisterTableFigure.median(
                        all.stream().map(round -> round.beside().p99() / round.well().p99()).toList()))
                .put("successOfBPercent", all.stream().mapToDouble(round -> round.beside().success()).min().orElse(0))
                .put("uplinksOfBInARun", (double) rate * seconds).put("ratePerSecondOfB", rate)
                .put("ratePerSecondOfA", rateOfA).put("mostWait", mostWait);
        for (Round round : all) {
            report.more("p99MillisOfB").withArray("alone").add(Report.rounded(round.alone().p99()));
            report.more("p99MillisOfB").withArray("well").add(Report.rounded(round.well().p99()));
            report.more("p99MillisOfB").withArray("beside").add(Report.rounded(round.beside().p99()));
        }
        common.print(report, rig.flags());
    }
}
