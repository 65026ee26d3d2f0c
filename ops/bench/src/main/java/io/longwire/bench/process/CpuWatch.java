package io.longwire.bench.process;

import io.longwire.keeper.clock.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The processor time of named processes between {@link #start} and now, and that of everybody else on the machine.
 * Used by one thread.
 */
public final class CpuWatch {
    private final Map<String, Long> pids;
    private final Map<String, Long> before = new LinkedHashMap<>();
    private final Map<String, Map<String, Long>> threadsBefore = new LinkedHashMap<>();
    private final long busyBefore;
    private final long began;
    private final Clock clock;

    private CpuWatch(Map<String, Long> pids, Clock clock) {
        this.pids = new LinkedHashMap<>(pids);
        this.clock = clock;
        pids.forEach((name, pid) -> {
            threadsBefore.put(name, ProcStat.cpuByThread(pid));
            before.put(name, ProcStat.cpuMicros(pid));
        });
        this.busyBefore = ProcStat.busyMicros();
        this.began = clock.nanos();
    }

    /** From now on. */
    public static CpuWatch start(Map<String, Long> pids, Clock clock) {
        return new CpuWatch(pids, clock);
    }

    /**
     * What was used.
     *
     * @param micros by process
     * @param othersCores how many cores the rest of the machine kept busy
     * @param threads by process, then thread name
     */
    public record Used(Map<String, Long> micros, double seconds, double othersCores,
            Map<String, Map<String, Long>> threads) {
        /** Microseconds of one process. */
        public long of(String name) {
            return micros.getOrDefault(name, 0L);
        }
    }

    /** Since the start. */
    public Used used() {
        long nanos = clock.nanos() - began;
        long busy = ProcStat.busyMicros() - busyBefore;
        var micros = new LinkedHashMap<String, Long>();
        var threads = new LinkedHashMap<String, Map<String, Long>>();
        long ours = 0;
        for (Map.Entry<String, Long> process : pids.entrySet()) {
            String name = process.getKey();
            long used = ProcStat.cpuMicros(process.getValue()) - before.getOrDefault(name, 0L);
            micros.put(name, used);
            ours += used;
            var byThread = new TreeMap<String, Long>();
            Map<String, Long> was = threadsBefore.getOrDefault(name, Map.of());
            ProcStat.cpuByThread(process.getValue()).forEach((thread, now) -> {
                long grown = now - was.getOrDefault(thread, 0L);
                if (grown > 0) {
                    byThread.put(thread, grown);
                }
            });
            threads.put(name, byThread);
        }
        double seconds = nanos / 1e9;
        return new Used(micros, seconds, Math.max(0, (busy - ours) / 1e6 / seconds), threads);
    }
}
