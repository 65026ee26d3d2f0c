package io.longwire.bench.figure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.bench.Report;
import io.longwire.bench.process.CpuWatch;
import io.longwire.bench.process.GcLog;
import io.longwire.bench.process.Heap;
import io.longwire.rpc.room.WalkStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Processor time of a room per broadcast delivery that a phone acked, and how long one broadcast takes to everybody;
 * with several rooms, of all of them. The driver is the center: it orders the walks over gRPC; who acked is noted by a
 * saver that keeps nothing. Each run is some broadcasts one after the other, to the same phones: processor time is told
 * in steps of 10 ms, which is 0.6 us for each of 18,000 deliveries.
 */
@Command(name = "room-broadcast", description = "CPU of the room per broadcast delivery acked; seconds to the last.")
public final class RoomBroadcastFigure implements Runnable {
    private static final int PATIENCE_SECONDS = 30;
    /** Within it the room has told its saver who acked. */
    private static final double NOTES_SECONDS = 1.5;
    /** A run is short: so many make a profile. */
    private static final int PROFILED = 20;
    private static final double NEARLY_ALL = 0.9;

    @Mixin
    private Common common = new Common();

    @Mixin
    private RoomOptions options = new RoomOptions();

    @Option(names = "--payload", defaultValue = "512", description = "Bytes (default: 512).")
    private int payload;

    @Option(names = "--warm-ups", defaultValue = "60", description = "Broadcasts before the measured (default: 60).")
    private int warmUps;

    @Option(names = "--per-run", defaultValue = "5", description = "Broadcasts of a run (default: 5).")
    private int perRun;

    @Option(names = "--rate", defaultValue = "0", description = "Deliveries a second, all rooms (default: no pace).")
    private int rate;

    @Option(names = "--walking-heap", description = "Also the live heap when 90 %% are written; with --rate. Its "
            + "collections count as CPU of the room.")
    private boolean walkingHeap;

    /** Seconds from the order until the last phone had it, and until the rooms knew of the last ack. */
    private record Times(double arrived, double acked) {
    }

    /**
     * A run.
     *
     * @param walkingGrowth of the live heap when nearly all were written to
     * @param heapGrowth of the live heap afterwards
     */
    private record Measured(double micros, List<Times> times, double walkingGrowth, double heapGrowth,
            double othersCores, List<WalkStatus> rooms, Map<String, Double> threads, JsonNode broadcast,
            JsonNode devices, GcLog.Pauses pauses) {
    }

    @Override
    public void run() {
        try (var rig = new RoomRig(common, options)) {
            rig.connect(options.connections());
            var walks = new WalkDriver(rig, payload, rate);
            for (int i = 0; i < warmUps; i++) {
                walk(rig, walks);
            }
            var all = new ArrayList<Measured>();
            for (int i = 0; i < common.runs(); i++) {
                all.add(measure(rig, walks));
            }
            rig.profiled("room-broadcast", () -> {
                for (int i = 0; i < PROFILED; i++) {
                    walk(rig, walks);
                }
            });
            common.print(report(all), rig.flags());
        }
    }

    private Measured measure(RoomRig rig, WalkDriver walks) {
        rig.devices("reset run=" + walks.nextSequence());
        double heapBefore = heap(rig);
        rig.pauses().mark();
        CpuWatch watch = rig.watch();
        double heapWalking = heapBefore;
        double acks = 0;
        var times = new ArrayList<Times>();
        JsonNode came = NullNode.getInstance();
        for (int i = 0; i < perRun; i++) {
            long sequence = walks.nextSequence();
            long began = walks.begin();
            if (walkingHeap) {
                walks.await(WalkStatus::getWritten, Math.round(NEARLY_ALL * rig.connections()), patience());
                heapWalking = heap(rig);
            }
            long ackedAt = awaitAll(rig, walks, sequence);
            acks += sum(walks.status(), WalkStatus::getAcked);
            came = rig.devices("broadcast seq=" + sequence + " count=" + rig.connections());
            times.add(new Times((came.path("lastNanos").asLong() - began) / 1e9, (ackedAt - began) / 1e9));
        }
        Settle.seconds(NOTES_SECONDS);
        CpuWatch.Used used = watch.used();
        GcLog.Pauses pauses = rig.pauses().pauses();
        double growth = heap(rig) - heapBefore;
        double micros = rig.roomPids().keySet().stream().mapToDouble(used::of).sum();
        return new Measured(micros / Math.max(1, acks), times, heapWalking - heapBefore, growth, used.othersCores(),
                walks.status(), threads(rig, used, Math.max(1, acks)), came, rig.devices("stats"), pauses);
    }

    private void walk(RoomRig rig, WalkDriver walks) {
        long sequence = walks.nextSequence();
        walks.begin();
        awaitAll(rig, walks, sequence);
    }

    // Returns when the rooms knew of all acks.
    private long awaitAll(RoomRig rig, WalkDriver walks, long sequence) {
        rig.devices("await broadcast=" + sequence + " count=" + rig.connections() + " patience=" + patience());
        return walks.await(WalkStatus::getAcked, rig.connections(), PATIENCE_SECONDS);
    }

    private int patience() {
        return PATIENCE_SECONDS + (rate == 0 ? 0 : options.connections() / rate);
    }

    /** Of all rooms. */
    private static double heap(RoomRig rig) {
        return rig.roomPids().values().stream().mapToLong(pid -> Heap.of(pid).bytes()).sum();
    }

    /** Microseconds a delivery by name of the rooms' threads. */
    private static Map<String, Double> threads(RoomRig rig, CpuWatch.Used used, double acks) {
        var byKind = new TreeMap<String, Double>();
        for (String room : rig.roomPids().keySet()) {
            used.threads().getOrDefault(room, Map.of())
                    .forEach((thread, micros) -> byKind.merge(thread, micros / acks, Double::sum));
        }
        return byKind;
    }

    private Report report(List<Measured> all) {
        Measured last = all.getLast();
        Report report = Report.of("room.broadcast", "CPU us of the room per broadcast delivered and acked",
                all.stream().map(Measured::micros).toList())
                .put("connections", options.connections()).put("rooms", options.rooms()).put("payloadBytes", payload)
                .put("ratePerSecond", rate)
                .put("broadcastsPerRun", perRun)
                .put("arrivedSeconds", medianTime(all, Times::arrived))
                .put("ackedSeconds", medianTime(all, Times::acked))
                .put("heapGrowthBytes", median(all, Measured::heapGrowth))
                .put("gcPauseMaxMillis", most(all, one -> one.pauses().longestMillis()))
                .put("othersCores", most(all, Measured::othersCores))
                .put("measured", "order, walk, a look every 10 ms, acks, and the " + NOTES_SECONDS
                        + " s after the last broadcast of a run; live heap by GC.class_histogram");
        if (walkingHeap) {
            report.put("walkingGrowthBytes", median(all, Measured::walkingGrowth));
        }
        ObjectNode threads = report.more("threadMicros");
        last.threads().keySet().forEach(kind -> Report.number(threads, kind,
                median(all, one -> one.threads().getOrDefault(kind, 0.0))));
        report.more("room").put("written", sum(last.rooms(), WalkStatus::getWritten))
                .put("acked", sum(last.rooms(), WalkStatus::getAcked))
                .put("seen", sum(last.rooms(), WalkStatus::getSeen))
                .put("behind", sum(last.rooms(), WalkStatus::getBehind))
                .put("finished", last.rooms().stream().allMatch(WalkStatus::getFinished));
        report.more("devices").put("received", last.broadcast().path("received").asLong())
                .put("missing", (long) most(all, one -> one.broadcast().path("missing").asLong()))
                .put("duplicates", (long) most(all, one -> one.broadcast().path("duplicates").asLong()));
        report.more("orderToDeviceMicros").setAll((ObjectNode) last.devices().path("latencyMicros"));
        report.more("trouble").setAll((ObjectNode) last.devices().path("trouble"));
        return report;
    }

    private static long sum(List<WalkStatus> rooms, ToLongFunction<WalkStatus> of) {
        return rooms.stream().mapToLong(of).sum();
    }

    private static double median(List<Measured> all, ToDoubleFunction<Measured> of) {
        return RegisterTableFigure.median(all.stream().map(of::applyAsDouble).toList());
    }

    // Of all broadcasts of all runs.
    private static double medianTime(List<Measured> all, ToDoubleFunction<Times> of) {
        return RegisterTableFigure
                .median(all.stream().flatMap(one -> one.times().stream()).map(of::applyAsDouble).toList());
    }

    private static double most(List<Measured> all, ToDoubleFunction<Measured> of) {
        return all.stream().mapToDouble(of).max().orElse(0);
    }
}
