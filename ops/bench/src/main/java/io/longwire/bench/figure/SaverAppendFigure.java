package io.longwire.bench.figure;

import io.longwire.bench.Report;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.load.Load;
import io.longwire.bench.load.LoadResult;
import io.longwire.bench.load.Pace;
import io.longwire.bench.load.SaverTarget;
import io.longwire.bench.process.CpuWatch;
import io.longwire.bench.process.Jvm;
import io.longwire.bench.rig.Rig;
import io.longwire.rpc.saver.CreateAppRequest;
import io.longwire.rpc.saver.RegisterEndpointRequest;
import io.longwire.saver.client.SaverClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** DURABLE appends a saver confirms, ledger committed and inbox written, with MariaDB and Redis beside it. */
@Command(name = "saver-append", description = "DURABLE appends a second of one saver on real stores.")
public final class SaverAppendFigure implements Runnable {
    private static final int REGISTERING = 32;

    @Mixin
    private Common common = new Common();

    @Option(names = "--endpoints", defaultValue = "20000", description = "Inboxes (default: 20,000).")
    private int endpoints;

    @Option(names = "--payload", defaultValue = "512", description = "Bytes (default: 512).")
    private int payload;

    @Option(names = "--window", defaultValue = "2000", description = "Appends in flight (default: 2000).")
    private int window;

    @Option(names = "--seconds", defaultValue = "10", description = "Of each run (default: 10).")
    private double seconds;

    @Override
    public void run() {
        Jvm jvm = Jvm.heap("1g");
        try (var rig = Rig.in(common.data().resolve("saver-rig")).stores(true)) {
            rig.part("keeper", "io.longwire.keeper.server.KeeperMain", Jvm.heap("128m"), Map.of("holdDown", "2s"));
            rig.part("register-0", "io.longwire.register.RegisterMain", Jvm.heap("128m"), Map.of());
            rig.part("saver", "io.longwire.saver.SaverMain", jvm, WholeRig.saver(rig));
            try (var target = new SaverTarget(rig.self(), registered(rig, endpoints), payload)) {
                load(rig, target, 1);
                measure(rig, target, jvm);
                rig.profiled("saver", common.profile(), common.data(), "saver-append", () -> load(rig, target, 99));
            }
        }
    }

    private void measure(Rig rig, SaverTarget target, Jvm jvm) {
        var results = new ArrayList<LoadResult>();
        CpuWatch.Used used = rig.watch().used();
        for (int run = 0; run < common.runs(); run++) {
            CpuWatch watch = rig.watch();
            results.add(load(rig, target, run + 2));
            used = watch.used();
        }
        LoadResult last = results.getLast();
        Report report = Report.of("saver.append", "DURABLE appends/s confirmed, stores beside it",
                results.stream().map(LoadResult::acceptedPerSecond).toList()).put("window", window)
                .put("payloadBytes", payload).put("othersCores", used.othersCores());
        last.writeTo(report.more("last"));
        used.micros().forEach((process, micros) -> Report.number(report.more("cpuMicrosPerAppend"), process,
                micros / (double) Math.max(1, last.accepted())));
        common.print(report, jvm.flags());
    }

    private LoadResult load(Rig rig, SaverTarget target, int run) {
        return new Load(target, endpoints, 1, run, rig.self().clock()).run(run, new Pace.Closed(window), seconds);
    }

    /** Endpoints the saver knows, new ones each time. */
    static List<BenchEndpoint> registered(Rig rig, int endpoints) {
        try (var saver = new SaverClient(rig.self().rpc(), rig.self().cluster())) {
            int app = saver.createApp(CreateAppRequest.newBuilder().setName("bench").setSendsPerSecond(1_000_000)
                    .setIdempotencyKey("bench-append").build()).join().getAppId();
            var random = new SplittableRandom(rig.self().clock().wallMillis());
            var all = new ArrayList<BenchEndpoint>(endpoints);
            while (all.size() < endpoints) {
                var some = new ArrayList<CompletableFuture<BenchEndpoint>>();
                for (int i = 0; i < Math.min(REGISTERING, endpoints - all.size()); i++) {
                    byte[] install = new byte[16];
                    random.nextBytes(install);
                    some.add(saver.registerEndpoint(RegisterEndpointRequest.newBuilder().setAppId(app)
                            .setInstallId(com.google.protobuf.ByteString.copyFrom(install))
                            .setProposedEndpointId(random.nextLong()).build())
                            .thenApply(made -> new BenchEndpoint("", made.getEndpointId(), app, new byte[0])));
                }
                some.forEach(made -> all.add(made.join()));
            }
            return all;
        }
    }
}
