package io.longwire.bench.figure;

import io.longwire.bench.Report;
import io.longwire.bench.load.CenterCalls;
import io.longwire.bench.load.CenterCalls.BenchApp;
import io.longwire.bench.process.CpuWatch;
import io.longwire.bench.process.Heap;
import io.longwire.keeper.service.StartFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What a broadcast that is under way costs a center, a room and a saver: many are made and paused, so that their walks
 * stay open and are leased, or walk at one a second to phones of their app; then the live heap of each process, after a
 * full collection, over what it was without them, and the processor time of ten seconds. An app has at most 100 at
 * once, so there are as many apps as that takes.
 */
@Command(name = "center-broadcasts", description = "Live heap of a center (room, saver) per broadcast under way.")
public final class CenterBroadcastsFigure implements Runnable {
    private static final int OF_APP = 100;
    private static final int WARM_UP = 100;
    private static final int CALLERS = 8;
    private static final int PHONES = 100;
    /** Longer than anything is remembered of broadcasts that are over. */
    private static final double FORGOTTEN_SECONDS = 75;
    private static final double ROUNDS_SECONDS = 10;
    private static final List<String> PARTS = List.of("center", "room", "saver");

    @Mixin
    private Common common = new Common();

    @Option(names = "--broadcasts", split = ",",
            description = "Under way at once; a line for each (default: 1000,5000; "
                    + "with --walking 1000, as the first of 5000 have walked before the last are made).")
    private List<Integer> sizes = List.of();

    @Option(names = "--payload", defaultValue = "512", description = "Bytes (default: 512).")
    private int payload;

    @Option(names = "--walking", description = "They walk at one a second, instead of being paused.")
    private boolean walking;

    @Option(names = "--phones-of-app", defaultValue = "180",
            description = "With --walking: a walk lasts so many seconds, from its making on (default: 180).")
    private int phonesOfApp;

    private record Measured(Map<String, Double> bytes, Map<String, Double> cores, double othersCores) {
        double of(String part) {
            return bytes.getOrDefault(part, 0.0);
        }
    }

    /** One that was made, by the app that may end it. */
    private record Made(int app, String id) {
    }

    @Override
    public void run() {
        try (var rig = new WholeRig(common, PHONES, "768m")) {
            rig.connect();
            List<CenterCalls> apps = apps(rig, sizes().stream().mapToInt(Integer::intValue).max().orElse(0));
            try {
                end(apps, begin(apps, WARM_UP));
                for (int size : sizes()) {
                    var all = new ArrayList<Measured>();
                    for (int i = 0; i < common.runs(); i++) {
                        all.add(measure(rig, apps, size));
                    }
                    report(rig, size, all);
                }
            } finally {
                apps.forEach(CenterCalls::close);
            }
        }
    }

    List<Integer> sizes() {
        if (!sizes.isEmpty()) {
            return sizes;
        }
        return walking ? List.of(1_000) : List.of(1_000, 5_000);
    }

    // Their names are of this run alone: what an earlier one left counts for its own apps.
    private List<CenterCalls> apps(WholeRig rig, int broadcasts) {
        long now = rig.rig().self().clock().wallMillis();
        var apps = new ArrayList<BenchApp>();
        try (CenterCalls operator = rig.operator()) {
            for (int i = 0; i < Math.ceilDiv(Math.max(broadcasts, WARM_UP), OF_APP); i++) {
                apps.add(operator.app("broadcasts-" + now + "-" + i));
            }
        }
        if (walking) {
            rig.connect(apps, phonesOfApp);
        }
        return apps.stream().map(app -> new CenterCalls(rig.api(), app.apiKey())).toList();
    }

    private Measured measure(WholeRig rig, List<CenterCalls> apps, int size) {
        Settle.seconds(FORGOTTEN_SECONDS);
        Map<String, Double> before = heaps(rig);
        List<Made> made = begin(apps, size);
        try {
            Settle.seconds(ROUNDS_SECONDS);
            CpuWatch watch = rig.rig().watch();
            Settle.seconds(ROUNDS_SECONDS);
            CpuWatch.Used used = watch.used();
            var bytes = new LinkedHashMap<String, Double>();
            heaps(rig).forEach((part, now) -> bytes.put(part, (now - before.getOrDefault(part, 0.0)) / size));
            var cores = new LinkedHashMap<String, Double>();
            PARTS.forEach(part -> cores.put(part, used.of(part) / 1e6 / used.seconds()));
            checkUnderWay(apps, made.getFirst());
            return new Measured(bytes, cores, used.othersCores());
        } finally {
            end(apps, made);
        }
    }

    private void checkUnderWay(List<CenterCalls> apps, Made first) {
        String state = apps.get(first.app).broadcastState(first.id);
        if (!state.equals(walking ? "running" : "paused")) {
            throw new StartFailure("broadcast: " + state + " (expected: under way; with --walking, more phones)", null);
        }
    }

    private static Map<String, Double> heaps(WholeRig rig) {
        var heaps = new LinkedHashMap<String, Double>();
        PARTS.forEach(part -> heaps.put(part, (double) Heap.of(rig.rig().pids().getOrDefault(part, 0L)).bytes()));
        return heaps;
    }

    /** Makes so many, and pauses them unless they are to walk. */
    private List<Made> begin(List<CenterCalls> apps, int count) {
        var made = new ConcurrentLinkedQueue<Made>();
        var bytes = new byte[payload];
        inParallel(count, number -> {
            int app = number / OF_APP;
            String id = apps.get(app).slowBroadcast(bytes);
            made.add(new Made(app, id));
            if (!walking) {
                apps.get(app).pauseBroadcast(id);
            }
        });
        return List.copyOf(made);
    }

    private static void end(List<CenterCalls> apps, List<Made> made) {
        inParallel(made.size(), number -> {
            Made one = made.get(number);
            apps.get(one.app).cancelBroadcast(one.id);
        });
    }

    private interface Work {
        void one(int number);
    }

    private static void inParallel(int count, Work work) {
        var callers = new ArrayList<CompletableFuture<Void>>();
        for (int caller = 0; caller < CALLERS; caller++) {
            int first = caller;
            var done = new CompletableFuture<Void>();
            callers.add(done);
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = first; i < count; i += CALLERS) {
                        work.one(i);
                    }
                    done.complete(null);
                } catch (RuntimeException failed) {
                    done.completeExceptionally(failed);
                }
            });
        }
        callers.forEach(CompletableFuture::join);
    }

    private void report(WholeRig rig, int size, List<Measured> all) {
        Report report = Report.of("center.broadcasts", "bytes of live heap of a center per broadcast that " + (walking
                ? "walks at 1/s"
                : "is paused"),
                all.stream().map(one -> one.of("center")).toList()).put("broadcasts", size)
                .put("apps", Math.ceilDiv(size, OF_APP)).put("payloadBytes", payload)
                .put("phonesOfApp", walking ? phonesOfApp : 0)
                .put("othersCores", all.stream().mapToDouble(Measured::othersCores).max().orElse(0))
                .put("measured", "live heap by GC.class_histogram over that before they were made; CPU of "
                        + ROUNDS_SECONDS + " s");
        for (String part : PARTS) {
            Report.number(report.more("bytesPerBroadcast"), part,
                    RegisterTableFigure.median(all.stream().map(one -> one.of(part)).toList()));
            Report.number(report.more("cores"), part, RegisterTableFigure
                    .median(all.stream().map(one -> one.cores.getOrDefault(part, 0.0)).toList()));
        }
        common.print(report, rig.flags());
    }
}
