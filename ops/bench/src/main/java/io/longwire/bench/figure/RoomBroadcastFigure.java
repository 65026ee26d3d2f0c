package io.longwire.bench.figure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.bench.Report;
import io.longwire.bench.process.CpuWatch;
import io.longwire.bench.process.GcLog;
import io.longwire.bench.process.Heap;
import io.longwire.rpc.room.WalkStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Processor time of a room per broadcast delivery that a phone acked, and how long one broadcast takes to everybody.
 * The driver is the center: it orders the walk over gRPC, without a pace; who acked is noted by a saver that keeps
 * nothing. Each run is a broadcast of its own, to the same phones.
 */
@Command(name = "room-broadcast", description = "CPU of the room per broadcast delivery acked; seconds to the last.")
public final class RoomBroadcastFigure implements Runnable {
    private static final int PATIENCE_SECONDS = 30;
    /** Within it the room has told its saver who acked. */
    private static final double NOTES_SECONDS = 1.5;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Common common = new Common();

    @Mixin
    private RoomOptions options = new RoomOptions();

    @Option(names = "--payload", defaultValue = "512", description = "Bytes (default: 512).")
    private int payload;

    @Option(names = "--warm-ups", defaultValue = "5", description = "Broadcasts before the measured (default: 5).")
    private int warmUps;

    /**
     * One broadcast.
     *
     * @param arrived seconds from the order until the last phone had it
     * @param acked seconds from the order until the room knew of the last ack
     */
    private record Measured(double micros, double arrived, double acked, double heapGrowth, double othersCores,
            WalkStatus room, JsonNode broadcast, JsonNode devices, GcLog.Pauses pauses) {
    }

    @Override
    public void run() {
        try (var rig = new RoomRig(common, options)) {
            rig.connect(options.connections());
            var walks = new WalkDriver(rig, payload);
            for (int i = 0; i < warmUps; i++) {
                measure(rig, walks);
            }
            var all = new ArrayList<Measured>();
            for (int i = 0; i < common.runs(); i++) {
                all.add(measure(rig, walks));
            }
            rig.profiled("room-broadcast", () -> measure(rig, walks));
            common.print(spec, report(all), rig.flags());
        }
    }

    private Measured measure(RoomRig rig, WalkDriver walks) {
        long sequence = walks.nextSequence();
        rig.devices("reset run=" + sequence);
        long heapBefore = Heap.of(rig.roomPid()).bytes();
        rig.pauses().mark();
        CpuWatch watch = rig.watch();
        long began = walks.begin();
        rig.devices("await broadcast=" + sequence + " count=" + rig.connections() + " patience="
                + PATIENCE_SECONDS);
        long ackedAt = walks.awaitAcked(rig.connections(), PATIENCE_SECONDS);
        Settle.seconds(NOTES_SECONDS);
        CpuWatch.Used used = watch.used();
        GcLog.Pauses pauses = rig.pauses().pauses();
        double growth = Heap.of(rig.roomPid()).bytes() - heapBefore;
        WalkStatus status = walks.status();
        JsonNode came = rig.devices("broadcast seq=" + sequence + " count=" + rig.connections());
        return new Measured(used.of("room") / Math.max(1.0, (double) status.getAcked()),
                (came.path("lastNanos").asLong() - began) / 1e9, (ackedAt - began) / 1e9, growth, used.othersCores(),
                status, came, rig.devices("stats"), pauses);
    }

    private Report report(List<Measured> all) {
        Measured last = all.getLast();
        Report report = Report.of("room.broadcast", "CPU us of the room per broadcast delivered and acked",
                all.stream().map(Measured::micros).toList())
                .put("connections", options.connections()).put("payloadBytes", payload)
                .put("arrivedSeconds", median(all, Measured::arrived))
                .put("ackedSeconds", median(all, Measured::acked))
                .put("heapGrowthBytes", median(all, Measured::heapGrowth))
                .put("gcPauseMaxMillis", most(all, one -> one.pauses().longestMillis()))
                .put("othersCores", most(all, Measured::othersCores))
                .put("measured", "order, walk, a look every 10 ms, acks and the " + NOTES_SECONDS
                        + " s after the last ack; live heap by GC.class_histogram");
        report.more("room").put("written", last.room().getWritten()).put("acked", last.room().getAcked())
                .put("seen", last.room().getSeen()).put("behind", last.room().getBehind())
                .put("finished", last.room().getFinished());
        report.more("devices").put("received", last.broadcast().path("received").asLong())
                .put("missing", (long) most(all, one -> one.broadcast().path("missing").asLong()))
                .put("duplicates", (long) most(all, one -> one.broadcast().path("duplicates").asLong()));
        report.more("orderToDeviceMicros").setAll((ObjectNode) last.devices().path("latencyMicros"));
        report.more("trouble").setAll((ObjectNode) last.devices().path("trouble"));
        return report;
    }

    private static double median(List<Measured> all, ToDoubleFunction<Measured> of) {
        return RegisterTableFigure.median(all.stream().map(of::applyAsDouble).toList());
    }

    private static double most(List<Measured> all, ToDoubleFunction<Measured> of) {
        return all.stream().mapToDouble(of).max().orElse(0);
    }
}
