package io.longwire.bench.figure;

import io.longwire.bench.Report;
import io.longwire.bench.http.HttpBlast;
import io.longwire.bench.http.HttpLines;
import io.longwire.bench.process.CpuWatch;
import io.longwire.bench.process.Jvm;
import io.longwire.bench.rig.Rig;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import java.util.ArrayList;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Requests for room lists a dispatcher answers, keep-alive and plain HTTP, from this process beside it. */
@Command(name = "dispatcher", description = "Room lists a second from one dispatcher.")
public final class DispatcherFigure implements Runnable {
    private static final int PHONES = 1000;

    @Mixin
    private Common common = new Common();

    @Option(names = "--connections", defaultValue = "64", description = "Requests in flight (default: 64).")
    private int connections;

    @Option(names = "--rooms", defaultValue = "8", description = "Rooms it knows, one listener each (default: 8).")
    private int rooms;

    @Option(names = "--seconds", defaultValue = "10", description = "Of each run (default: 10).")
    private double seconds;

    @Override
    public void run() {
        try (var rig = Rig.in(common.data().resolve("dispatcher-rig")).stores(false)) {
            for (int i = 0; i < rooms; i++) {
                rig.own(room(rig, i));
            }
            Jvm jvm = Jvm.heap("512m");
            Member dispatcher = rig.part("dispatcher", "io.longwire.dispatcher.DispatcherMain", jvm,
                    Map.of("port", 0));
            String base = "http://" + dispatcher.attributes().getOrDefault("http", "");
            try (var lines = new HttpLines(base, connections, 0)) {
                var blast = new HttpBlast(lines, requests(lines), rig.self().clock());
                blast.run(seconds);
                measure(rig, blast, jvm);
                rig.profiled("dispatcher", common.profile(), common.data(), "dispatcher", () -> blast.run(seconds));
            }
        }
    }

    private void measure(Rig rig, HttpBlast blast, Jvm jvm) {
        var perSecond = new ArrayList<Double>();
        var micros = new ArrayList<Double>();
        double others = 0;
        long bad = 0;
        HttpBlast.Result result = blast.run(0);
        for (int run = 0; run < common.runs(); run++) {
            CpuWatch watch = rig.watch();
            result = blast.run(seconds);
            CpuWatch.Used used = watch.used();
            perSecond.add(result.good() / result.seconds());
            micros.add(used.of("dispatcher") / (double) result.good());
            bad += result.bad();
            others = Math.max(others, used.othersCores());
        }
        Report report = Report.of("dispatcher.rooms", "requests/s, the load tool beside it", perSecond)
                .put("cpuMicrosPerRequest", RegisterTableFigure.median(micros)).put("connections", connections)
                .put("rooms", rooms).put("bad", (double) bad).put("othersCores", others)
                .put("p50Micros", result.latency().getValueAtPercentile(50) / 1000.0)
                .put("p99Micros", result.latency().getValueAtPercentile(99) / 1000.0)
                .put("measured", "GET /v1/rooms as protobuf, keep-alive, plain HTTP");
        common.print(report, jvm.flags());
    }

    private static byte[][] requests(HttpLines lines) {
        var requests = new byte[PHONES][];
        for (int phone = 0; phone < PHONES; phone++) {
            requests[phone] = lines.request("GET", "/v1/rooms?app=7&endpoint=ep_" + phone + "&network=wifi&attempt=0",
                    "Accept: application/x-protobuf\r\n", new byte[0]);
        }
        return requests;
    }

    /** A member that looks like a room. */
    private static Service room(Rig rig, int number) {
        Map<String, ?> config = Map.of("service",
                Map.of("zookeeper", rig.zookeeper(), "secrets", rig.deployment().secrets().toString(), "dataDir",
                        rig.deployment().home().resolve("room-" + number).toString(), "drain", "0"));
        return Service.start("room", ConfigNode.of(config), _ -> "", (service, _) -> service.cluster()
                .publish(Map.of("listen", "tcp://10.0." + number + ".1:7000")), HaltPoints.none());
    }
}
