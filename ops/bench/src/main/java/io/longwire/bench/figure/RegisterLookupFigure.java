package io.longwire.bench.figure;

import io.longwire.bench.Report;
import io.longwire.bench.load.Load;
import io.longwire.bench.load.LoadResult;
import io.longwire.bench.load.LookupTarget;
import io.longwire.bench.load.Pace;
import io.longwire.bench.process.CpuWatch;
import io.longwire.bench.process.Jvm;
import io.longwire.bench.rig.MadeSessions;
import io.longwire.bench.rig.Rig;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.StartFailure;
import io.longwire.register.client.Lookup;
import io.longwire.register.client.SessionWriter;
import java.util.ArrayList;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Processor time of the registers per look-up over gRPC, batched as center batches them; before it, the refill of both
 * by a room of made sessions. Two registers, two lines.
 */
@Command(name = "register-lookup", description = "CPU of a register per look-up over gRPC, and refill.")
public final class RegisterLookupFigure implements Runnable {
    private static final int PATIENCE_SECONDS = 120;

    @Mixin
    private Common common = new Common();

    @Option(names = "--sessions", defaultValue = "2000000", description = "Of the room (default: 2,000,000).")
    private int sessions;

    @Option(names = "--window", defaultValue = "2000", description = "Look-ups in flight (default: 2000).")
    private int window;

    @Option(names = "--seconds", defaultValue = "10", description = "Of each run (default: 10).")
    private double seconds;

    @Override
    public void run() {
        Jvm jvm = Jvm.heap("512m");
        var made = new MadeSessions(sessions);
        try (var rig = Rig.in(common.data().resolve("register-rig")).stores(false)) {
            rig.part("keeper", "io.longwire.keeper.server.KeeperMain", Jvm.heap("128m"), Map.of("holdDown", "2s"));
            rig.part("register-0", "io.longwire.register.RegisterMain", jvm, Map.of());
            rig.part("register-1", "io.longwire.register.RegisterMain", jvm, Map.of());
            try (var target = new LookupTarget(rig.self())) {
                refill(rig, made, target, jvm);
                load(rig, made, target, 1);
                lookups(rig, made, target, jvm);
                rig.profiled("register-0", common.profile(), common.data(), "register-lookup",
                        () -> load(rig, made, target, 99));
            }
        }
    }

    private void refill(Rig rig, MadeSessions made, LookupTarget target, Jvm jvm) {
        long began = rig.self().clock().nanos();
        CpuWatch watch = rig.watch();
        rig.own(Service.start("room", ConfigNode.of(Map.of("service", Map.of("zookeeper", rig.zookeeper(), "secrets",
                rig.deployment().secrets().toString(), "dataDir",
                rig.deployment().home().resolve("room").toString(), "drain", "0"))), _ -> made, (room, list) -> room
                        .own(new SessionWriter(room.rpc(), room.cluster(), room.clock(), room.metrics(), list)),
                HaltPoints.none()));
        waitFor(rig, made, target);
        double took = (rig.self().clock().nanos() - began) / 1e9;
        CpuWatch.Used used = watch.used();
        Report report = Report.of("register.refill", "sessions/s into both owners",
                java.util.List.of(made.count() / took)).put("sessions", made.count())
                .put("cpuMicrosPerSession", used.of("register-0") / (double) made.count())
                .put("othersCores", used.othersCores());
        common.print(report, jvm.flags());
    }

    /** Until a spread of sessions is found; the last slots are flushed last. */
    private static void waitFor(Rig rig, MadeSessions made, LookupTarget target) {
        long end = rig.self().clock().nanos() + PATIENCE_SECONDS * 1_000_000_000L;
        for (int number = 0; number < made.count(); number += 509) {
            while (!(target.lookup(number).join() instanceof Lookup.Online)) {
                if (rig.self().clock().nanos() - end > 0) {
                    throw new StartFailure("register: session " + number + " is not there after " + PATIENCE_SECONDS
                            + " s", null);
                }
                Settle.seconds(0.02);
            }
        }
    }

    private LoadResult load(Rig rig, MadeSessions made, LookupTarget target, int run) {
        return new Load(target, made.count(), 1, run, rig.self().clock()).run(run, new Pace.Closed(window), seconds);
    }

    private void lookups(Rig rig, MadeSessions made, LookupTarget target, Jvm jvm) {
        var micros = new ArrayList<Double>();
        var results = new ArrayList<LoadResult>();
        double others = 0;
        for (int run = 2; run < common.runs() + 2; run++) {
            CpuWatch watch = rig.watch();
            LoadResult result = load(rig, made, target, run);
            CpuWatch.Used used = watch.used();
            results.add(result);
            micros.add((used.of("register-0") + used.of("register-1")) / (double) Math.max(1, result.accepted()));
            others = Math.max(others, used.othersCores());
        }
        Report report = Report.of("register.lookup", "CPU us of the registers per look-up over gRPC", micros)
                .put("sessions", made.count()).put("othersCores", others);
        results.getLast().writeTo(report.more("last"));
        common.print(report, jvm.flags());
    }
}
