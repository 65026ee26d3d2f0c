package io.longwire.cli.fleet;

import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import io.longwire.rpc.process.Collector;
import io.longwire.rpc.process.Description;
import io.longwire.rpc.process.Pause;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How a running process does. */
@Command(name = "describe", mixinStandardHelpOptions = true,
        description = "Prints how a running process does: memory, threads, collections of its garbage collectors and "
                + "their pauses, and its gauges: lag of its loops, calls in flight, queues.")
public final class DescribeCommand implements Runnable {
    @Mixin
    private KeeperAt keeper = new KeeperAt();

    @Mixin
    private Output output = new Output();

    @Mixin
    private ProcessOption process = new ProcessOption();

    /** As JSON. */
    record Described(String part, String instance, String phase, Map<String, String> findings, long pid,
            Instant started, long heapUsedBytes, long heapMaxBytes, long rssBytes, long cpuMs, int openFiles,
            int threads, boolean sampling, List<Collections> collectors, Map<String, Double> gauges,
            Map<String, Long> counters) {
        static Described of(Description now) {
            return new Described(now.getPart(), now.getInstance(), now.getPhase(), new TreeMap<>(now.getFindingsMap()),
                    now.getPid(), Instant.ofEpochMilli(now.getStartedMs()), now.getHeapUsedBytes(),
                    now.getHeapMaxBytes(), now.getRssBytes(), now.getCpuMs(), now.getOpenFiles(), now.getThreads(),
                    now.getSample().getOn(), now.getCollectorsList().stream().map(Collections::of).toList(),
                    new TreeMap<>(now.getGaugesMap()), new TreeMap<>(now.getCountersMap()));
        }
    }

    /** Of one collector; the newest 64. */
    record Collections(String collector, long collections, long totalMs, double longestMs, List<One> recent) {
        static Collections of(Collector collector) {
            return new Collections(collector.getName(), collector.getCollections(), collector.getTotalMs(),
                    collector.getRecentList().stream().mapToDouble(Pause::getMillis).max().orElse(0),
                    collector.getRecentList().stream().map(pause -> new One(Instant.ofEpochMilli(pause.getAtMs()),
                            pause.getMillis(), pause.getCause())).toList());
        }
    }

    /** One of them. */
    record One(Instant at, double millis, String cause) {
    }

    @Override
    public void run() {
        Described now = Described.of(keeper.call(stub -> stub.describe(process.ref())));
        output.print(now, () -> {
            output.line(now.instance() + "  " + now.phase() + " since " + Output.time(now.started()) + ", pid "
                    + now.pid() + (now.sampling() ? ", sampled" : ""));
            now.findings().forEach((check, why) -> output.line("  " + check + ": " + (why.isEmpty() ? "well" : why)));
            output.line("heap " + mib(now.heapUsedBytes()) + " of " + mib(now.heapMaxBytes()) + ", resident "
                    + mib(now.rssBytes()) + ", cpu " + now.cpuMs() / 1_000 + " s, " + now.openFiles() + " files, "
                    + now.threads() + " threads");
            var collectors = new Table("COLLECTOR", "COLLECTIONS", "MS", "LONGEST OF THE LAST 64", "LAST", "CAUSE");
            now.collectors().forEach(one -> collectors.row(one.collector(), one.collections(), one.totalMs(),
                    one.longestMs(), one.recent().isEmpty() ? "-" : Output.time(one.recent().getLast().at()),
                    one.recent().isEmpty() ? "-" : one.recent().getLast().cause()));
            output.list(now.collectors(), collectors);
            var gauges = new Table("GAUGE", "NOW");
            now.gauges().forEach((name, value) -> gauges.row(name, Math.round(value)));
            output.list(List.of(), gauges);
        });
    }

    private static String mib(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
