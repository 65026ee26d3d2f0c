package io.longwire.bench.figure;

import io.longwire.bench.Report;
import io.longwire.keeper.clock.Clock;
import io.longwire.register.table.PutOutcome;
import io.longwire.register.table.SessionEntry;
import io.longwire.register.table.SessionTable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The register's table in this process: bytes an entry, puts and look-ups. */
@Command(name = "register-table", description = "Session table: bytes an entry, look-ups a second.")
public final class RegisterTableFigure implements Runnable {
    private static final int ROOMS = 64;
    private static final long CONN_SEQ = 1_800_000_000_000L;

    @Mixin
    private Common common = new Common();

    @Option(names = "--entries", defaultValue = "50000000", description = "Sessions (default: 50,000,000).")
    private long entries;

    @Option(names = "--lookups", defaultValue = "20000000", description = "Look-ups a run (default: 20,000,000).")
    private long lookups;

    @Option(names = "--threads", defaultValue = "2", description = "Threads (default: 2).")
    private int threads;

    private final Clock clock = Clock.system();
    private final ThreadMXBean cpu = ManagementFactory.getThreadMXBean();

    private record Took(double seconds, double cpuSeconds) {
    }

    @Override
    public void run() {
        try (var table = new SessionTable(entries, _ -> true);
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            Took fill = each(pool, thread -> fill(table, thread));
            each(pool, thread -> look(table, thread, 1)); // warms up
            var perSecond = new ArrayList<Double>();
            var cpuNanos = new ArrayList<Double>();
            for (int run = 0; run < common.runs(); run++) {
                int seed = run + 2;
                Took took = each(pool, thread -> look(table, thread, seed));
                perSecond.add(lookups / took.seconds());
                cpuNanos.add(took.cpuSeconds() * 1e9 / lookups);
            }
            Report report = Report.of("register.table.lookups", "lookups/s on " + threads + " threads", perSecond)
                    .put("entries", (double) entries).put("bytesPerEntry", (double) table.bytes() / table.size())
                    .put("lookupCpuNanos", median(cpuNanos))
                    .put("lookupsPerCpuSecond", 1e9 / median(cpuNanos))
                    .put("putCpuNanos", fill.cpuSeconds() * 1e9 / entries)
                    .put("putsPerSecond", entries / fill.seconds())
                    .put("measured", "the table alone, in process; hits at random");
            common.print(report, ManagementFactory.getRuntimeMXBean().getInputArguments());
        }
    }

    private void fill(SessionTable table, int thread) {
        var other = new SessionEntry();
        long refused = 0;
        for (long i = thread; i < entries; i += threads) {
            PutOutcome outcome = table.put(endpoint(i), CONN_SEQ + i, (int) (i % ROOMS), i, other);
            refused += outcome == PutOutcome.STORED ? 0 : 1;
        }
        if (refused > 0) {
            throw new IllegalStateException("puts not stored: " + refused + " (expected: none)");
        }
    }

    private void look(SessionTable table, int thread, int seed) {
        var random = new SplittableRandom(seed * 31L + thread);
        var found = new SessionEntry();
        long wrong = 0;
        for (long i = 0; i < lookups / threads; i++) {
            long n = random.nextLong(entries);
            wrong += table.find(endpoint(n), found) && found.handle() == n ? 0 : 1;
        }
        if (wrong > 0) {
            throw new IllegalStateException("look-ups wrong: " + wrong + " (expected: none)");
        }
    }

    /** Runs the task once on each thread; what it took them all. */
    private Took each(ExecutorService pool, IntConsumer task) {
        long began = clock.nanos();
        List<CompletableFuture<Long>> times = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int mine = thread;
            times.add(CompletableFuture.supplyAsync(() -> {
                long before = cpu.getCurrentThreadCpuTime();
                task.accept(mine);
                return cpu.getCurrentThreadCpuTime() - before;
            }, pool));
        }
        long cpuNanos = 0;
        for (CompletableFuture<Long> time : times) {
            cpuNanos += time.join();
        }
        return new Took((clock.nanos() - began) / 1e9, cpuNanos / 1e9);
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    // A bijection of the numbers (the finaliser of MurmurHash3), so that the ids are random and all different.
    private static long endpoint(long n) {
        long z = n + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
        z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return z ^ (z >>> 33);
    }
}
