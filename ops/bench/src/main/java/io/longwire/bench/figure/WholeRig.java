package io.longwire.bench.figure;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.endpoint.EndpointFile;
import io.longwire.bench.endpoint.EndpointRegistration;
import io.longwire.bench.load.CenterCalls;
import io.longwire.bench.load.CenterCalls.BenchApp;
import io.longwire.bench.process.Jvm;
import io.longwire.bench.process.MetricsPage;
import io.longwire.bench.process.Role;
import io.longwire.bench.rig.Rig;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.service.StartFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Every part as a process of its own on real stores, and a fleet whose endpoints were registered at the dispatcher.
 * The registered endpoints are kept beside the stores and used again. Used by one thread.
 */
final class WholeRig implements AutoCloseable {
    private static final int REPAIR_SECONDS = 120;
    private static final long SEED = 2026;

    private final Rig rig;
    private final Jvm jvm;
    private final String api;
    private final String dispatcher;
    private final BenchApp app;
    private final MetricsPage saver;
    private final List<BenchEndpoint> endpoints;
    private final Role devices;
    private final String room;

    WholeRig(Common common, int connections, String heap) {
        this.rig = Rig.in(common.data().resolve("whole-rig")).stores(true);
        this.jvm = Jvm.heap(heap);
        try {
            rig.part("keeper", "io.longwire.keeper.server.KeeperMain", Jvm.heap("128m"), Map.of("holdDown", "2s"));
            rig.part("register-0", "io.longwire.register.RegisterMain", Jvm.heap("256m"), Map.of());
            rig.part("register-1", "io.longwire.register.RegisterMain", Jvm.heap("256m"), Map.of());
            this.saver = new MetricsPage(
                    rig.part("saver", "io.longwire.saver.SaverMain", jvm, saver(rig)).adminAddress());
            this.room = listener(rig.part("room", "io.longwire.room.RoomMain", jvm, RoomConfigs.plain()));
            this.api = rig.part("center", "io.longwire.center.CenterMain", jvm, Map.of("apiPort", 0)).attributes()
                    .getOrDefault("api", "");
            Member dispatcher = rig.part("dispatcher", "io.longwire.dispatcher.DispatcherMain", Jvm.heap("256m"),
                    Map.of("port", 0, "registrationsPerMinute", 1_000_000));
            this.dispatcher = "http://" + dispatcher.attributes().getOrDefault("http", "");
            try (var operator = operator()) {
                this.app = operator.app("bench");
            }
            Path file = file("endpoints");
            this.endpoints = endpoints(file, connections, SEED);
            this.devices = rig.devices("devices", Jvm.heap("1g"), List.of("--room", room, "--endpoints",
                    file.toString(), "--count", Integer.toString(connections)));
        } catch (RuntimeException failed) {
            rig.close();
            throw failed;
        }
    }

    static Map<String, Object> saver(Rig rig) {
        return Map.of("shards",
                List.of(Map.of("url", rig.mysql(), "user", "longwire", "password", rig.mysqlPassword())), "redis",
                Map.of("nodes", List.of(rig.redis())));
    }

    private Path file(String kind) {
        return rig.deployment().home().resolve(kind + "-" + app.appKey() + ".tsv");
    }

    private List<BenchEndpoint> endpoints(Path file, int count, long seed) {
        List<BenchEndpoint> kept = EndpointFile.read(file);
        if (kept.size() < count) {
            kept = EndpointRegistration.register(dispatcher, app.appKey(), count, seed);
            EndpointFile.write(file, kept);
        }
        return kept.subList(0, count);
    }

    private static String listener(Member room) {
        return Arrays.stream(room.attributes().getOrDefault("listen", "").split(",", -1))
                .filter(listener -> listener.startsWith("tcp://")).map(listener -> listener.substring(6)).findFirst()
                .orElseThrow(
                        () -> new StartFailure("room: " + room.attributes() + " (expected: a tcp listener)", null));
    }

    Rig rig() {
        return rig;
    }

    List<String> flags() {
        return jvm.flags();
    }

    MetricsPage saver() {
        return saver;
    }

    String api() {
        return api;
    }

    String apiKey() {
        return app.apiKey();
    }

    int appId() {
        return app.appId();
    }

    /** Center, called as the app's backend. The caller closes it. */
    CenterCalls backend() {
        return new CenterCalls(api, app.apiKey());
    }

    /** Center, called as the operator. The caller closes it. */
    CenterCalls operator() {
        return new CenterCalls(api, rig.deployment().adminKey());
    }

    /** Endpoints of phones that never connect. */
    List<BenchEndpoint> absent(int count) {
        return endpoints(file("absent"), count, ~SEED);
    }

    List<BenchEndpoint> endpoints() {
        return endpoints;
    }

    JsonNode devices(String order) {
        return devices.ask(order);
    }

    /** All of the fleet online, after a saver on older stores has repaired its inboxes; StartFailure when not. */
    void connect() {
        for (int i = 0; i < REPAIR_SECONDS && saver.now("saver_cold_slots") > 0; i++) {
            Settle.seconds(1);
        }
        connect(devices, endpoints.size());
    }

    /** Also so many new phones of each of these apps; StartFailure when some are not online. Once. */
    void connect(List<BenchApp> others, int each) {
        var theirs = new ArrayList<BenchEndpoint>();
        for (BenchApp other : others) {
            theirs.addAll(EndpointRegistration.register(dispatcher, other.appKey(), each, SEED));
        }
        Path file = file("others");
        EndpointFile.write(file, theirs);
        connect(rig.devices("devices-of-others", Jvm.heap("1g"), List.of("--room", room, "--endpoints",
                file.toString(), "--count", Integer.toString(theirs.size()))), theirs.size());
    }

    private static void connect(Role fleet, int wanted) {
        int online = fleet.ask("connect inflight=64").path("online").asInt();
        if (online < wanted) {
            throw new StartFailure("devices: " + online + " online (expected: " + wanted + "); "
                    + fleet.ask("stats").path("trouble"), null);
        }
    }

    @Override
    public void close() {
        rig.close();
    }
}
