package io.longwire.bench.figure;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.bench.Report;
import io.longwire.bench.process.CpuWatch;
import io.longwire.bench.process.Jvm;
import io.longwire.coordinator.client.consume.ConsumerOptions;
import io.longwire.coordinator.client.consume.EventConsumer;
import io.longwire.coordinator.client.consume.Verdict;
import io.longwire.keeper.cluster.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What phones say, at a rate: processor time of the room, of the coordinator and of its Redis for each uplink, and how
 * long it takes from the phone to a consumer that pulls. Before the runs all of it stands idle for as long, and that
 * time is taken off: the figure is what an uplink adds. The consumer is in the driver.
 */
@Command(name = "uplink", description = "CPU of room and coordinator per uplink; phone to consumer p50, p99.")
public final class UplinkFigure implements Runnable {
    private static final String TYPE = "bench"; // what the simulator's phones say
    private static final List<String> COUNTED = List.of("room", "coordinator", "events-redis");

    @Mixin
    private Common common = new Common();

    @Mixin
    private RoomOptions options = new RoomOptions();

    @Option(names = "--rate", defaultValue = "4000", description = "Uplinks a second (default: 4000).")
    private int rate;

    @Option(names = "--size", defaultValue = "200", description = "Bytes of a body (default: 200).")
    private int size;

    @Option(names = "--seconds", defaultValue = "15", description = "Of each run (default: 15).")
    private double seconds;

    @Option(names = "--warm-up", defaultValue = "60", description = "Seconds (default: 60).")
    private double warmUp;

    private record Run(CpuWatch.Used used, long uplinks, Histogram latency, JsonNode devices) {
        double micros(String process, Map<String, Double> idle) {
            return Math.max(0, used.of(process) - idle.getOrDefault(process, 0.0) * used.seconds())
                    / Math.max(1, uplinks);
        }
    }

    @Override
    public void run() {
        try (var room = new RoomRig(common, options)) {
            var redis = EventsRig.redis(room.rig());
            Jvm jvm = Jvm.heap("512m");
            Member coordinator = EventsRig.coordinator(room.rig(), redis, jvm, Map.of());
            var taken = new Taken();
            try (var consumer = EventConsumer.start(new ConsumerOptions(List.of(coordinator.attributes()
                    .getOrDefault("api", "")), EventsRig.KEY, TYPE, "bench", "bench", 4, 1_000, Duration.ZERO),
                    event -> {
                        taken.take(event);
                        return Verdict.FIN;
                    })) {
                room.connect(options.connections());
                measure(room, taken);
                if (consumer.ended().isDone()) {
                    throw new IllegalStateException("consumer: ended (expected: while the figure runs)");
                }
            }
        }
    }

    private void measure(RoomRig room, Taken taken) {
        long every = Math.max(1, Math.round(1000.0 * options.connections() / rate));
        String order = "uplink every=" + every + " size=" + size;
        room.devices(order);
        Settle.seconds(warmUp);
        room.devices("uplink off");
        Settle.seconds(2);
        CpuWatch still = room.watch();
        Settle.seconds(seconds);
        CpuWatch.Used idleUse = still.used();
        var idle = new java.util.TreeMap<String, Double>();
        idleUse.micros().forEach((process, micros) -> idle.put(process, micros / idleUse.seconds()));
        room.devices(order);
        Settle.seconds(2);
        var runs = new ArrayList<Run>();
        for (int run = 0; run < common.runs(); run++) {
            room.devices("reset");
            taken.reset();
            CpuWatch watch = room.watch();
            Settle.seconds(seconds);
            runs.add(new Run(watch.used(), taken.count(), taken.latency(), room.devices("stats")));
        }
        room.profiled("uplink", () -> Settle.seconds(seconds));
        room.devices("uplink off");
        report(room, runs, idle);
    }

    private void report(RoomRig room, List<Run> runs, Map<String, Double> idle) {
        Report report = Report.of("uplink", "CPU us of the room per uplink, idle time taken off",
                runs.stream().map(run -> run.micros("room", idle)).toList())
                .put("connections", options.connections()).put("sizeBytes", size).put("ratePerSecond", rate);
        for (String process : COUNTED) {
            Report.number(report.more("cpuMicrosPerUplink"), process,
                    RegisterTableFigure.median(runs.stream().map(run -> run.micros(process, idle)).toList()));
            Report.number(report.more("idleMicrosPerSecond"), process, idle.getOrDefault(process, 0.0));
        }
        report.put("takenPerSecond", RegisterTableFigure.median(
                runs.stream().map(run -> run.uplinks() / run.used().seconds()).toList()));
        for (Run run : runs) {
            report.more("phoneToConsumerMicros").withArray("p50").add(run.latency().getValueAtPercentile(50) / 1000);
            report.more("phoneToConsumerMicros").withArray("p99").add(run.latency().getValueAtPercentile(99) / 1000);
            report.more("phoneToDurableMicros").withArray("p50").add(run.devices().at("/uplinkMicros/p50").asLong());
            report.more("phoneToDurableMicros").withArray("p99").add(run.devices().at("/uplinkMicros/p99").asLong());
        }
        Run last = runs.getLast();
        report.put("othersCores", last.used().othersCores());
        report.more("lastRun").put("sent", last.devices().path("uplinks").asLong())
                .put("kept", last.devices().path("uplinksKept").asLong()).put("taken", last.uplinks())
                .set("trouble", last.devices().path("trouble"));
        common.print(report, room.flags());
    }
}
