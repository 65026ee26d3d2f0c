package io.longwire.bench.micro;

import io.longwire.register.table.PutOutcome;
import io.longwire.register.table.SessionEntry;
import io.longwire.register.table.SessionTable;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Hits, misses and puts of known endpoints, at random, at a size that fits the caches and one that does not. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SessionTableBenchmark {
    private static final long CONN_SEQ = 1_800_000_000_000L;

    @Param({"100000", "5000000"})
    public int entries;

    private SessionTable table = new SessionTable(1, _ -> true);
    private long[] endpoints = {};

    /** One thread's own. */
    @State(Scope.Thread)
    public static class Caller {
        private final SplittableRandom random = new SplittableRandom(1);
        private final SessionEntry entry = new SessionEntry();
    }

    @Setup
    public void fill() {
        table = new SessionTable(2L * entries, _ -> true);
        endpoints = new SplittableRandom(5).longs(entries).toArray();
        var other = new SessionEntry();
        for (long endpoint : endpoints) {
            table.put(endpoint, CONN_SEQ, 1, endpoint, other);
        }
    }

    @TearDown
    public void close() {
        table.close();
    }

    @Benchmark
    public boolean hit(Caller caller) {
        return table.find(endpoints[caller.random.nextInt(entries)], caller.entry);
    }

    @Benchmark
    public boolean miss(Caller caller) {
        return table.find(caller.random.nextLong(), caller.entry);
    }

    @Benchmark
    public PutOutcome putAgain(Caller caller) {
        long endpoint = endpoints[caller.random.nextInt(entries)];
        return table.put(endpoint, CONN_SEQ, 1, endpoint, caller.entry);
    }
}
