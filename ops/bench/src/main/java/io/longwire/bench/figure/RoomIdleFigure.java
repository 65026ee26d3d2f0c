package io.longwire.bench.figure;

import io.longwire.bench.Report;
import io.longwire.bench.process.Heap;
import io.longwire.bench.process.ProcStat;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Heap of a room per idle, logged-in connection: what lives after a full collection, its slope between a third of the
 * connections and all. Each run has a room of its own. Each phone has pinged once, so that what a first message makes
 * is in it.
 */
@Command(name = "room-idle", description = "Heap bytes of the room per idle connection.")
public final class RoomIdleFigure implements Runnable {
    private static final int SETTLE_SECONDS = 4;

    @Mixin
    private Common common = new Common();

    @Mixin
    private RoomOptions options = new RoomOptions();

    @Option(names = "--biggest", description = "Also tells the classes that grew most.")
    private boolean biggest;

    private record Point(Heap heap, long resident) {
        static Point of(RoomRig rig, int connections) {
            rig.connect(connections);
            rig.devices("ping every=1000");
            Settle.seconds(2);
            rig.devices("ping off");
            Settle.seconds(SETTLE_SECONDS);
            Heap.of(rig.roomPid()); // the first one clears what only references hold
            return new Point(Heap.of(rig.roomPid()), ProcStat.residentBytes(rig.roomPid()));
        }
    }

    @Override
    public void run() {
        var slopes = new ArrayList<Double>();
        var resident = new ArrayList<Double>();
        List<String> flags = List.of();
        Growth growth = Growth.NONE;
        for (int run = 0; run < common.runs(); run++) {
            try (var rig = new RoomRig(common, options)) {
                int few = options.connections() / 3;
                Point low = Point.of(rig, few);
                Point high = Point.of(rig, options.connections());
                double more = options.connections() - few;
                slopes.add((high.heap().bytes() - low.heap().bytes()) / more);
                resident.add((high.resident() - low.resident()) / more);
                growth = Growth.between(low.heap(), high.heap(), more);
                flags = rig.flags();
            }
        }
        Report report = Report.of("room.idle.heap", "bytes per connection", slopes)
                .put("connections", options.connections()).put("endpointsEach", options.perConnection())
                .put("residentBytesEach", RegisterTableFigure.median(resident))
                .put("measured", (options.tls() ? "TLS 1.3" : "plain TCP")
                        + "; live heap by GC.class_histogram, slope between a third and all");
        if (biggest) {
            growth.writeTo(report.more("grown"));
        }
        common.print(report, flags);
    }
}
