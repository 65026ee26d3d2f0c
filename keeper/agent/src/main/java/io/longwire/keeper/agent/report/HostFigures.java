package io.longwire.keeper.agent.report;

import io.longwire.keeper.agent.backend.Proc;
import io.longwire.keeper.agent.backend.Standing;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.agent.HostReport;
import io.longwire.rpc.agent.ProcessReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What host and processes use, read from /proc when asked; shares of the processors are since the last look, which is
 * whoever's. What cannot be read is 0. Thread-safe.
 */
public final class HostFigures {
    private static final Path ROOT = Path.of("/proc");
    private static final long KIB = 1024;

    private final Clock clock;
    private final Path disk;
    private final Map<Long, Spent> spent = new ConcurrentHashMap<>();
    private long busyTicks; // guarded by this
    private long allTicks; // guarded by this

    private record Spent(long cpuMillis, long atMillis, double share) {
    }

    /** @param disk a place on the disk that is reported */
    public HostFigures(Clock clock, Path disk) {
        this.clock = clock;
        this.disk = disk;
    }

    /** The host's own part of the report. */
    public void host(HostReport.Builder into) {
        into.setCpus(Runtime.getRuntime().availableProcessors()).setCpuUsed(cpuUsed()).setLoad(load())
                .setTcpSockets(tcpSockets());
        for (String line : lines("meminfo")) {
            if (line.startsWith("MemTotal:")) {
                into.setMemoryBytes(number(line) * KIB);
            } else if (line.startsWith("MemAvailable:")) {
                into.setMemoryAvailableBytes(number(line) * KIB);
            }
        }
        try {
            FileStore store = Files.getFileStore(disk);
            into.setDiskBytes(store.getTotalSpace()).setDiskFreeBytes(store.getUsableSpace());
        } catch (IOException unreadable) {
            into.setDiskBytes(0);
        }
    }

    /** One process. */
    public ProcessReport process(String name, String part, Standing standing) {
        var report = ProcessReport.newBuilder().setName(name).setPart(part).setState(standing.state())
                .setVersion(standing.version()).setPid(standing.pid()).setStartedMs(standing.startedMillis())
                .setAdopted(standing.adopted()).setDetail(standing.detail());
        Proc.see(standing.pid()).ifPresent(seen -> {
            Proc.Open open = Proc.open(seen.pid());
            report.setRssBytes(seen.residentBytes()).setOpenFiles(open.files()).setSockets(open.sockets())
                    .setCpuUsed(share(seen));
        });
        return report.build();
    }

    /** Forgets processes that are none of these. */
    public void keep(List<Long> pids) {
        spent.keySet().retainAll(pids);
    }

    private double share(Proc.Seen seen) {
        long now = clock.millis();
        Spent fresh = spent.compute(seen.pid(), (pid, before) -> {
            if (before == null) {
                return new Spent(seen.cpuMillis(), now, 0);
            }
            long passed = now - before.atMillis();
            // Two that look at once would divide by nothing.
            return passed < 200
                    ? before
                    : new Spent(seen.cpuMillis(), now,
                            Math.max(0, (double) (seen.cpuMillis() - before.cpuMillis()) / passed));
        });
        return fresh.share();
    }

    private synchronized double cpuUsed() {
        for (String line : lines("stat")) {
            if (line.startsWith("cpu ")) {
                long all = 0;
                long idle = 0;
                String[] words = line.strip().split("\\s+", -1);
                for (int i = 1; i < Math.min(words.length, 9); i++) { // guest time is in user time already
                    long ticks = Long.parseLong(words[i]);
                    all += ticks;
                    idle += i == 4 || i == 5 ? ticks : 0;
                }
                long passed = all - allTicks;
                double share = passed <= 0 ? 0 : (double) (all - idle - busyTicks) / passed;
                allTicks = all;
                busyTicks = all - idle;
                return Math.clamp(share, 0, 1);
            }
        }
        return 0;
    }

    private static double load() {
        List<String> lines = lines("loadavg");
        return lines.isEmpty() ? 0 : Double.parseDouble(lines.getFirst().split(" ", -1)[0]);
    }

    private static int tcpSockets() {
        for (String line : lines("net/sockstat")) {
            if (line.startsWith("TCP: inuse ")) {
                return Integer.parseInt(line.split(" ", -1)[2]);
            }
        }
        return 0;
    }

    private static long number(String line) {
        String digits = line.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(ROOT.resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException notLinux) {
            return List.of();
        }
    }
}
