package io.longwire.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What /proc tells of processes. Times come in steps of 10 ms: measure seconds. Any thread. */
public final class ProcStat {
    private static final long MICROS_PER_TICK = 10_000;
    private static final int UTIME = 13;
    private static final int STIME = 14;
    private static final int PARENT = 3;
    private static final long KB = 1024;

    private ProcStat() {
    }

    /** User and system time of a process so far, all its threads, in microseconds; 0 when it is gone. */
    public static long cpuMicros(long pid) {
        return cpuOf(Path.of("/proc", Long.toString(pid), "stat"));
    }

    /** The same by thread name, digits dropped, so that the threads of a pool are one. */
    public static Map<String, Long> cpuByThread(long pid) {
        var byName = new TreeMap<String, Long>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks) {
                String name = Files.readString(task.resolve("comm")).strip().replaceAll("[-_ #]*[0-9]+", "");
                byName.merge(name, cpuOf(task.resolve("stat")), Long::sum);
            }
        } catch (IOException gone) {
            return byName;
        }
        return byName;
    }

    /** Time the whole machine has spent working, in microseconds; what steal took is not in it. */
    public static long busyMicros() {
        String[] fields = read(Path.of("/proc/stat")).lines().findFirst().orElse("").split("\\s+", -1);
        // cpu user nice system idle iowait irq softirq steal
        long ticks = 0;
        for (int i : new int[]{1, 2, 3, 6, 7}) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks * MICROS_PER_TICK;
    }

    /** Resident memory in bytes. */
    public static long residentBytes(long pid) {
        return read(Path.of("/proc", Long.toString(pid), "status")).lines()
                .filter(line -> line.startsWith("VmRSS:")).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KB).orElse(0L);
    }

    /** The processes this one has started, as name and pid. */
    public static Map<Long, String> children(long pid) {
        var found = new TreeMap<Long, String>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                List<String> fields = fields(process.resolve("stat"));
                if (fields.size() > PARENT && fields.get(PARENT).equals(Long.toString(pid))) {
                    found.put(Long.parseLong(process.getFileName().toString()), fields.get(1));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return found;
    }

    /** The load average of the last minute. */
    public static double load() {
        return Double.parseDouble(read(Path.of("/proc/loadavg")).split(" ", -1)[0]);
    }

    private static long cpuOf(Path stat) {
        List<String> fields = fields(stat);
        return fields.size() <= STIME
                ? 0
                : (Long.parseLong(fields.get(UTIME)) + Long.parseLong(fields.get(STIME))) * MICROS_PER_TICK;
    }

    // The name, second, stands in parentheses and may hold blanks.
    private static List<String> fields(Path stat) {
        String line = read(stat);
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        if (open < 0 || close < open) {
            return List.of();
        }
        var fields = new ArrayList<String>();
        fields.add(line.substring(0, open).strip());
        fields.add(line.substring(open + 1, close));
        fields.addAll(List.of(line.substring(close + 1).strip().split(" ", -1)));
        return fields;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException gone) {
            return "";
        }
    }
}
