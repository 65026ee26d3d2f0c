package io.longwire.bench.figure;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.longwire.bench.Report;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.endpoint.EndpointRegistration;
import io.longwire.bench.load.CenterCalls;
import io.longwire.bench.load.CenterCalls.BenchApp;
import io.longwire.bench.load.CenterGrpcTarget;
import io.longwire.bench.load.Load;
import io.longwire.bench.load.LoadResult;
import io.longwire.bench.load.Pace;
import io.longwire.bench.process.CpuWatch;
import io.longwire.bench.rig.Rig;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.service.StartFailure;
import io.longwire.rpc.center.AppSettings;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.UpdateAppRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What product B feels of product A, in rounds of runs that take turns: B alone, B beside an A that keeps its quota, B
 * beside an A that sends at ten times its quota. B's phones are online; A's are away. The generators share the machine
 * with the platform, so the ratios hold their cost, too: they are upper bounds.
 *
 * <p>What must not decide the ratio: the compilers, which are busy for minutes at these rates and then compete with B
 * for two cores, so B and a third app without a quota send as fast as they can before the first pair; and a single
 * pause of a collector, so 1 % of a run is longer than one. A's messages go to phones at random: in turn, its batches
 * would begin with the same few phones, and what a quota grants is the beginning of a batch, so a tenth of the phones
 * would get everything and overflow. That is a case of its own ({@code --phones-of-a 50}): each further message then
 * pushes an older one out, which costs the stores a second row and a search for the oldest.
 */
@Command(name = "fair-share", description = "p99 of B while A floods at 10x its quota / p99 of B alone.")
public final class FairShareFigure implements Runnable {
    private static final int PAYLOAD = 256;
    private static final int FLOOD_BATCH = 100;
    private static final double FLOOD = 10;
    private static final double WITHIN = 1;
    private static final int AT_ONCE = 32; // calls in flight while warming up
    private static final long SEED_OF_A = 20_260;

    @Mixin
    private Common common = new Common();

    @Option(names = "--phones", defaultValue = "500", description = "Of B, online (default: 500).")
    private int phones;

    @Option(names = "--phones-of-a", defaultValue = "1000", description = "Away; below 300 their inboxes overflow"
            + " (default: 1000).")
    private int phonesOfA;

    @Option(names = "--pairs", defaultValue = "10", description = "Of runs (default: 10).")
    private int pairs;

    @Option(names = "--seconds", defaultValue = "10", description = "Of each run (default: 10).")
    private int seconds;

    @Option(names = "--warm-up", defaultValue = "60", description = "Seconds of full load before the first pair, then a"
            + " tenth as long beside the flood (default: 60).")
    private int warmUp;

    @Option(names = "--rate", defaultValue = "300", description = "Sends a second of B (default: 300).")
    private int rate;

    @Option(names = "--quota", defaultValue = "500", description = "Sends a second of A; it tries 10x (default: 500).")
    private int quota;

    private int floods;
    private Map<String, Double> coresAlone = Map.of();
    private Map<String, Double> coresBeside = Map.of();

    /** B's calls without A, beside an A that keeps its quota, and beside one that floods; and the flood's own. */
    private record Pair(LoadResult alone, LoadResult within, LoadResult beside, LoadResult flood) {
        double ratio() {
            return p99(beside) / p99(alone);
        }

        double ratioToWithin() {
            return p99(beside) / p99(within);
        }
    }

    /** Who sends in a run. */
    private record Senders(CenterGrpcTarget a, CenterGrpcTarget b, Rig rig) {
    }

    @Override
    public void run() {
        try (var rig = new WholeRig(common, phones, "768m"); CenterCalls operator = rig.operator()) {
            rig.connect();
            rig.devices("reset run=1");
            BenchApp flooding = operator.app("bench-flood");
            limit(rig, flooding.appId());
            List<BenchEndpoint> away = EndpointRegistration.register(dispatcher(rig), flooding.appKey(), phonesOfA,
                    SEED_OF_A);
            try (var a = new CenterGrpcTarget(rig.api(), flooding.apiKey(), away, PAYLOAD);
                    var b = new CenterGrpcTarget(rig.api(), rig.apiKey(), rig.endpoints(), PAYLOAD)) {
                var senders = new Senders(a, b, rig.rig());
                warmUp(rig, operator, b);
                beside(senders, Math.max(1, warmUp / 10), FLOOD);
                quiet(senders);
                CpuWatch watch = rig.rig().watch();
                var all = new ArrayList<Pair>();
                for (int pair = 0; pair < pairs; pair++) {
                    all.add(pair % 2 == 0 ? aloneFirst(senders) : floodFirst(senders));
                }
                report(rig, all, watch.used().othersCores());
            }
        }
    }

    // Half of the time one at a time to phones that are online, half in batches to phones that are away.
    private void warmUp(WholeRig rig, CenterCalls operator, CenterGrpcTarget b) {
        ofB(b, rig.rig()).run(1, new Pace.Closed(AT_ONCE), warmUp / 2.0);
        BenchApp unlimited = operator.app("bench-warm-up");
        List<BenchEndpoint> away = EndpointRegistration.register(dispatcher(rig), unlimited.appKey(), phonesOfA,
                ~SEED_OF_A);
        try (var target = new CenterGrpcTarget(rig.api(), unlimited.apiKey(), away, PAYLOAD)) {
            new Load(target, phonesOfA, FLOOD_BATCH, ~SEED_OF_A, rig.rig().self().clock()).run(1,
                    new Pace.Closed(AT_ONCE / 4), warmUp / 2.0);
        }
    }

    private Pair aloneFirst(Senders senders) {
        LoadResult alone = quiet(senders);
        LoadResult within = beside(senders, seconds, WITHIN)[0];
        LoadResult[] both = beside(senders, seconds, FLOOD);
        return new Pair(alone, within, both[0], both[1]);
    }

    private Pair floodFirst(Senders senders) {
        LoadResult[] both = beside(senders, seconds, FLOOD);
        LoadResult within = beside(senders, seconds, WITHIN)[0];
        return new Pair(quiet(senders), within, both[0], both[1]);
    }

    private LoadResult quiet(Senders senders) {
        Settle.seconds(1);
        CpuWatch watch = senders.rig.watch();
        LoadResult alone = ofB(senders).run(1, new Pace.Open(rate, 256), seconds);
        coresAlone = cores(watch.used());
        return alone;
    }

    // The flood begins a second before B and ends after it, so that all of B's run has it.
    private LoadResult[] beside(Senders senders, int forSeconds, double timesItsQuota) {
        Settle.seconds(1);
        CompletableFuture<LoadResult> flood = CompletableFuture.supplyAsync(
                () -> ofA(senders).run(1, new Pace.Open(timesItsQuota * quota, 64), forSeconds + 2.0),
                task -> Thread.ofPlatform().name("flood").start(task));
        Settle.seconds(1);
        CpuWatch watch = senders.rig.watch();
        LoadResult b = ofB(senders).run(1, new Pace.Open(rate, 256), forSeconds);
        coresBeside = cores(watch.used());
        return new LoadResult[]{b, flood.join()};
    }

    private static Map<String, Double> cores(CpuWatch.Used used) {
        var cores = new TreeMap<String, Double>();
        used.micros().forEach((process, micros) -> cores.put(process, micros / 1e6 / used.seconds()));
        return cores;
    }

    private Load ofA(Senders senders) {
        return new Load(senders.a, phonesOfA, FLOOD_BATCH, SEED_OF_A + floods++, senders.rig.self().clock());
    }

    private Load ofB(Senders senders) {
        return ofB(senders.b, senders.rig);
    }

    private Load ofB(CenterGrpcTarget b, Rig rig) {
        return new Load(b, phones, 1, SEED_OF_A, rig.self().clock()).inTurn();
    }

    private void report(WholeRig rig, List<Pair> all, double othersCores) {
        Report report = Report.of("fair-share", "p99 of B, A flooding at 10x its quota / B alone",
                all.stream().map(Pair::ratio).toList())
                .put("successOfBPercent", all.stream().mapToDouble(pair -> percent(pair.beside)).min().orElse(0))
                .put("p99MillisAlone", median(all.stream().map(pair -> p99(pair.alone)).toList()))
                .put("p99MillisBeside", median(all.stream().map(pair -> p99(pair.beside)).toList()))
                .put("callsOfBInARun", rate * seconds).put("othersCores", Math.round(othersCores * 100) / 100.0)
                .put("ratePerSecondOfB", rate).put("quotaOfA", quota).put("phonesOfA", phonesOfA)
                .put("triedPerSecondByA", median(all.stream().map(pair -> pair.flood.sent() / pair.flood.seconds())
                        .toList()))
                .put("acceptedPerSecondOfA", median(all.stream().map(pair -> pair.flood.acceptedPerSecond()).toList()));
        report.put("medianRatioToAWithinItsQuota", median(all.stream().map(Pair::ratioToWithin).toList()))
                .put("p99MillisBesideAWithinItsQuota", median(all.stream().map(pair -> p99(pair.within)).toList()));
        for (Pair pair : all) {
            report.more("p99MillisOfB").withArray("alone").add(Math.round(p99(pair.alone)));
            report.more("p99MillisOfB").withArray("within").add(Math.round(p99(pair.within)));
            report.more("p99MillisOfB").withArray("beside").add(Math.round(p99(pair.beside)));
            pair.beside.outcomes().forEach((outcome, count) -> report.more("outcomesOfB").put(outcome,
                    count + report.more("outcomesOfB").path(outcome).asLong()));
        }
        // Of the last pair: what A costs, and whom.
        coresAlone.forEach((process, used) -> Report.number(report.more("coresAlone"), process, used));
        coresBeside.forEach((process, used) -> Report.number(report.more("coresBeside"), process, used));
        common.print(report, rig.flags());
    }

    private static double p99(LoadResult result) {
        return result.latency().getValueAtPercentile(99) / 1e6;
    }

    private static double percent(LoadResult result) {
        return result.sent() == 0 ? 0 : 100.0 * result.accepted() / result.sent();
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private void limit(WholeRig rig, int appId) {
        ManagedChannel channel = NettyChannelBuilder.forTarget(rig.api()).usePlaintext().directExecutor().build();
        try {
            asOperator(channel, rig.rig().deployment().adminKey()).updateApp(UpdateAppRequest.newBuilder()
                    .setAppId(appId).setSettings(AppSettings.newBuilder().setSendsPerSecond(quota)).build());
        } finally {
            channel.shutdownNow();
        }
    }

    private static CenterGrpc.CenterBlockingStub asOperator(Channel channel, String key) {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
        return CenterGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static String dispatcher(WholeRig rig) {
        return rig.rig().self().cluster().members("dispatcher").list().stream().findFirst().map(Member::attributes)
                .map(attributes -> "http://" + attributes.getOrDefault("http", ""))
                .orElseThrow(() -> new StartFailure("dispatcher: none (expected: one)", null));
    }
}
