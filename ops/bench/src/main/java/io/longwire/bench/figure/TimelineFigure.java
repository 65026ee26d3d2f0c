package io.longwire.bench.figure;

import io.longwire.bench.Report;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.load.CenterCalls;
import io.longwire.bench.message.Stamp;
import io.longwire.bench.process.CpuWatch;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.center.MessageTimeline;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How long the answer to "where is it, and why" takes: half of the messages asked about were acked, half wait for
 * phones that are away.
 */
@Command(name = "timeline", description = "The timeline query: ms p99.")
public final class TimelineFigure implements Runnable {
    private static final long LONGEST_NANOS = 60_000_000_000L;

    @Mixin
    private Common common = new Common();

    @Option(names = "--phones", defaultValue = "1000", description = "Online, and as many away (default: 1000).")
    private int phones;

    @Option(names = "--messages", defaultValue = "20000", description = "In the ledger (default: 20,000).")
    private int messages;

    @Option(names = "--queries", defaultValue = "5000", description = "Of each run (default: 5000).")
    private int queries;

    @Option(names = "--callers", defaultValue = "8", description = "Who ask one by one (default: 8).")
    private int callers;

    private record Sent(String messageId, String endpoint) {
    }

    private record Asked(Histogram latency, TreeMap<String, Long> states, CpuWatch.Used used) {
        double p99Millis() {
            return latency.getValueAtPercentile(99) / 1e6;
        }
    }

    @Override
    public void run() {
        try (var rig = new WholeRig(common, phones, "768m"); CenterCalls backend = rig.backend()) {
            rig.connect();
            List<Sent> sent = fill(rig, backend);
            ask(rig, backend, sent, 0);
            var all = new ArrayList<Asked>();
            for (int run = 1; run <= common.runs(); run++) {
                all.add(ask(rig, backend, sent, run));
            }
            rig.rig().profiled("saver", common.profile(), common.data(), "timeline", () -> ask(rig, backend, sent, 99));
            report(rig, all);
        }
    }

    private void report(WholeRig rig, List<Asked> all) {
        Asked last = all.getLast();
        Report report = Report.of("timeline", "ms p99 of the timeline query",
                all.stream().map(Asked::p99Millis).toList()).put("callers", callers).put("messages", messages)
                .put("p50Millis", last.latency.getValueAtPercentile(50) / 1e6)
                .put("maxMillis", last.latency.getMaxValue() / 1e6).put("othersCores", last.used.othersCores());
        last.states.forEach((state, count) -> report.more("states").put(state, count));
        last.used.micros().forEach((process, micros) -> Report.number(report.more("cpuMicrosPerQuery"), process,
                micros / (double) queries));
        common.print(report, rig.flags());
    }

    private List<Sent> fill(WholeRig rig, CenterCalls backend) {
        List<BenchEndpoint> all = new ArrayList<>(rig.endpoints());
        all.addAll(rig.absent(phones));
        rig.devices("reset run=1");
        List<Sent> sent = inParallel(messages, 32, (number, random) -> {
            BenchEndpoint to = all.get(number % all.size());
            var reply = backend.send(List.of(to), Stamp.payload(256, 1, number, rig.rig().self().clock().nanos()));
            return new Sent(reply.getMessageId(), to.text());
        });
        Settle.seconds(2); // the last acks
        return sent;
    }

    private Asked ask(WholeRig rig, CenterCalls backend, List<Sent> sent, int run) {
        var latency = new Histogram(LONGEST_NANOS, 3);
        var states = new TreeMap<String, Long>();
        Clock clock = rig.rig().self().clock();
        CpuWatch watch = rig.rig().watch();
        inParallel(queries, callers, (number, random) -> {
            Sent one = sent.get(random.nextInt(sent.size()));
            long began = clock.nanos();
            MessageTimeline answer = backend.timeline(one.messageId, one.endpoint);
            long took = clock.nanos() - began;
            synchronized (latency) {
                latency.recordValue(Math.clamp(took, 0, LONGEST_NANOS));
                states.merge(answer.getState(), 1L, Long::sum);
            }
            return run;
        });
        return new Asked(latency, states, watch.used());
    }

    private interface Work<T> {
        T one(int number, SplittableRandom random);
    }

    private static <T> List<T> inParallel(int count, int threads, Work<T> work) {
        var parts = new ArrayList<CompletableFuture<List<T>>>();
        for (int thread = 0; thread < threads; thread++) {
            int first = thread;
            var part = new CompletableFuture<List<T>>();
            parts.add(part);
            Thread.ofVirtual().start(() -> {
                try {
                    var random = new SplittableRandom(first);
                    var done = new ArrayList<T>();
                    for (int i = first; i < count; i += threads) {
                        done.add(work.one(i, random));
                    }
                    part.complete(done);
                } catch (RuntimeException failed) {
                    part.completeExceptionally(failed);
                }
            });
        }
        return parts.stream().flatMap(part -> part.join().stream()).toList();
    }
}
