package io.longwire.bench.figure;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.endpoint.EndpointFile;
import io.longwire.bench.endpoint.EndpointMint;
import io.longwire.bench.load.Load;
import io.longwire.bench.load.RoomTarget;
import io.longwire.bench.process.CpuWatch;
import io.longwire.bench.process.GcLog;
import io.longwire.bench.process.Jvm;
import io.longwire.bench.process.Role;
import io.longwire.bench.rig.FakeCoordinatorMain;
import io.longwire.bench.rig.FakeSaverMain;
import io.longwire.bench.rig.Rig;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.StartFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A room in a JVM of its own with what it needs around it: ZooKeeper, keeper, two registers (real, so every session is
 * put twice), a saver that keeps nothing, a coordinator that wants nothing, and a fleet. The endpoints are minted, not
 * registered: nobody but a real saver would miss them. Used by one thread.
 */
final class RoomRig implements AutoCloseable {
    private static final int APP = 7;
    private static final long SEED = 360;
    private static final long DAY_SECONDS = 24 * 3600;

    private final Rig rig;
    private final List<Member> rooms = new ArrayList<>();
    private final Role devices;
    private final List<BenchEndpoint> endpoints;
    private final RoomOptions options;
    private final Jvm jvm;
    private final GcLog pauses;
    private final Common common;

    RoomRig(Common common, RoomOptions options) {
        this.common = common;
        this.options = options;
        this.rig = Rig.in(common.data().resolve("room-rig")).stores(false);
        try {
            Jvm small = Jvm.heap("256m");
            rig.part("keeper", "io.longwire.keeper.server.KeeperMain", small, Map.of("holdDown", "2s"));
            rig.part("register-0", "io.longwire.register.RegisterMain", small, Map.of());
            rig.part("register-1", "io.longwire.register.RegisterMain", small, Map.of());
            rig.part("saver-fake", FakeSaverMain.class.getName(), small, Map.of());
            rig.part("coordinator-fake", FakeCoordinatorMain.class.getName(), small, Map.of());
            Path gcLog = rig.deployment().home().resolve("room-gc.log");
            this.jvm = Jvm.heap(options.heap()).logGc(gcLog).flags(options.flags());
            this.pauses = new GcLog(gcLog);
            this.endpoints = mint();
            var own = new HashMap<>(options.tls() ? RoomConfigs.tls(rig.deployment().home()) : RoomConfigs.plain());
            own.putAll(options.config());
            for (int i = 0; i < options.rooms(); i++) { // the first one is the measured one where one is measured
                rooms.add(rig.part(name(i), "io.longwire.room.RoomMain", i == 0
                        ? jvm
                        : Jvm.heap(options.heap())
                                .flags(options.flags()),
                        own));
            }
            this.devices = rig.devices("devices", Jvm.heap("1g"), arguments());
        } catch (RuntimeException failed) {
            rig.close();
            throw failed;
        }
    }

    private List<BenchEndpoint> mint() {
        Path file = file();
        long now = Clock.system().wallMillis() / 1000;
        int count = options.connections() * options.perConnection();
        var minted = new ArrayList<BenchEndpoint>();
        var mint = new EndpointMint(SecretsFile.read(rig.deployment().secrets()));
        // One app per place on a connection, as a connection carries one endpoint of an app.
        for (int place = 0; place < options.perConnection(); place++) {
            minted.addAll(mint.mint(APP + place, options.connections(), options.ordStep(),
                    SEED + now / DAY_SECONDS + place, now));
        }
        var inOrder = new BenchEndpoint[count];
        for (int i = 0; i < count; i++) {
            inOrder[i] = minted.get(i % options.perConnection() * options.connections() + i / options.perConnection());
        }
        EndpointFile.write(file, Arrays.asList(inOrder));
        return List.of(inOrder);
    }

    private Path file() {
        return rig.deployment().home().resolve("endpoints.tsv");
    }

    private List<String> arguments() {
        String listen = String.join(",", rooms.stream().map(this::listensOn).toList());
        var args = new ArrayList<>(List.of("--room", listen, "--endpoints", file().toString(), "--count",
                Integer.toString(options.connections()), "--per-connection",
                Integer.toString(options.perConnection())));
        if (options.tls()) {
            args.add("--tls");
        }
        return args;
    }

    private String listensOn(Member room) {
        String wanted = options.tls() ? "tls://" : "tcp://";
        return Arrays.stream(room.attributes().getOrDefault("listen", "").split(",", -1))
                .filter(listener -> listener.startsWith(wanted)).map(listener -> listener.substring(wanted.length()))
                .findFirst().orElseThrow(() -> new StartFailure(
                        "room: listens on " + room.attributes() + " (expected: " + wanted + ")", null));
    }

    private static String name(int room) {
        return room == 0 ? "room" : "room-" + room;
    }

    Rig rig() {
        return rig;
    }

    List<BenchEndpoint> endpoints() {
        return endpoints;
    }

    Member room() {
        return rooms.getFirst();
    }

    List<Member> rooms() {
        return List.copyOf(rooms);
    }

    /** Process ids of all rooms by name. */
    Map<String, Long> roomPids() {
        var pids = rig.pids();
        pids.keySet().removeIf(part -> !part.equals("room") && !part.startsWith("room-"));
        return pids;
    }

    int connections() {
        return options.connections();
    }

    GcLog pauses() {
        return pauses;
    }

    List<String> flags() {
        return jvm.flags();
    }

    long roomPid() {
        return rig.pids().getOrDefault("room", 0L);
    }

    /** Gives the fleet an order. */
    JsonNode devices(String order) {
        return devices.ask(order);
    }

    /** The fleet counts this run alone from now on; returns what sends it, a push a call to phones at random. */
    Load load(RoomTarget target, int run) {
        devices("reset run=" + run);
        return new Load(target, endpoints.size(), 1, run, rig.self().clock());
    }

    /** What the fleet has counted, as soon as it has so many pushes or the patience ends. */
    JsonNode counted(long pushes, int patienceSeconds) {
        devices("await count=" + pushes + " patience=" + patienceSeconds);
        return devices("stats");
    }

    /** Logs devices in until so many are online; StartFailure when some are not. */
    JsonNode connect(int count) {
        JsonNode done = devices("connect count=" + count + " inflight=" + options.inFlight());
        if (done.path("online").asInt() < count) {
            throw new StartFailure("devices: " + done.path("online") + " online (expected: " + count + "); "
                    + devices("stats").path("trouble"), null);
        }
        return done;
    }

    CpuWatch watch() {
        return rig.watch();
    }

    /** One more run that does not count, sampled, if a profile was asked for. */
    void profiled(String name, Runnable run) {
        rig.profiled("room", common.profile(), common.data(), name, run);
    }

    @Override
    public void close() {
        rig.close();
    }
}
