package io.longwire.bench.figure;

import io.longwire.bench.Report;
import io.longwire.bench.load.Load;
import io.longwire.bench.load.Pace;
import io.longwire.bench.load.SaverTarget;
import io.longwire.bench.process.Jvm;
import io.longwire.bench.rig.Rig;
import io.longwire.bench.rig.StoreSizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a message costs in the stores while it waits: bytes of Redis memory, of its log, and of the ledger's files. */
@Command(name = "bytes", description = "Redis and ledger bytes per waiting message.")
public final class BytesFigure implements Runnable {
    private static final double FOREVER_SECONDS = 3600;

    @Mixin
    private Common common = new Common();

    @Option(names = "--messages", defaultValue = "200000", description = "Of each run (default: 200,000).")
    private int messages;

    @Option(names = "--per-endpoint", defaultValue = "1", description = "Messages in an inbox (default: 1).")
    private int perEndpoint;

    @Option(names = "--payload", defaultValue = "256", description = "Bytes (default: 256).")
    private int payload;

    @Override
    public void run() {
        Jvm jvm = Jvm.heap("1g");
        try (var rig = Rig.in(common.data().resolve("bytes-rig")).stores(true)) {
            rig.part("keeper", "io.longwire.keeper.server.KeeperMain", Jvm.heap("128m"), Map.of("holdDown", "2s"));
            rig.part("register-0", "io.longwire.register.RegisterMain", Jvm.heap("128m"), Map.of());
            rig.part("saver", "io.longwire.saver.SaverMain", jvm, WholeRig.saver(rig));
            var redis = new ArrayList<Double>();
            var ledger = new ArrayList<Double>();
            StoreSizes.Sizes last = fill(rig, 1); // pages and tables that are there once
            for (int run = 2; run < 2 + common.runs(); run++) {
                last = fill(rig, run);
                redis.add(last.redisMemory() / (double) messages);
                ledger.add(last.ledgerFiles() / (double) messages);
            }
            print(redis, ledger, last, jvm);
        }
    }

    private void print(List<Double> redis, List<Double> ledger, StoreSizes.Sizes last, Jvm jvm) {
        Report report = Report.of("bytes", "Redis bytes per waiting message", redis).put("payloadBytes", payload)
                .put("perEndpoint", perEndpoint).put("messages", messages)
                .put("ledgerBytes", RegisterTableFigure.median(ledger))
                .put("redisLogBytes", last.redisLog() / (double) messages);
        common.print(report, jvm.flags());
    }

    /** Fills new inboxes, and returns what the stores grew by. */
    private StoreSizes.Sizes fill(Rig rig, int run) {
        int endpoints = Math.max(1, messages / perEndpoint);
        var made = SaverAppendFigure.registered(rig, endpoints);
        var sizes = new StoreSizes(rig);
        try (var target = new SaverTarget(rig.self(), made, payload)) {
            StoreSizes.Sizes before = sizes.now();
            var load = new Load(target, endpoints, 1, run, rig.self().clock()).inTurn();
            var result = load.run(run, new Pace.Closed(1000), FOREVER_SECONDS, messages);
            if (result.accepted() != messages) {
                throw new IllegalStateException("accepted: " + result.outcomes() + " (expected: " + messages + ")");
            }
            Settle.seconds(2);
            return sizes.now().minus(before);
        }
    }
}
