package io.longwire.bench.figure;

import io.longwire.bench.load.Load;
import io.longwire.bench.load.LoadResult;
import io.longwire.bench.load.Pace;
import io.longwire.bench.load.UplinkTarget;
import io.longwire.bench.process.Jvm;
import io.longwire.bench.rig.Rig;
import io.longwire.coordinator.client.DeskClient;
import io.longwire.keeper.cluster.Member;
import io.longwire.rpc.coordinator.Callback;
import io.longwire.rpc.coordinator.CallbackName;
import io.longwire.testkit.stores.RedisServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A coordinator in a JVM of its own with a Redis of its own (append-only file, fsync every second), which the figure
 * fills as rooms would. Limits of rate and size are out of the way. Used by one thread.
 */
final class EventsRig implements AutoCloseable {
    static final int APP = 7;
    static final int ENDPOINTS = 4_096;
    /** Any text of the right shape: the saver behind it knows every key. */
    static final String KEY = "lw_" + "b".repeat(43);

    private static final String SECRET = "0123456789abcdef";
    private static final int AT_ONCE = 256;
    private static final int ATTEMPTS = 20;
    private static final double FOREVER_SECONDS = 3600;

    private final Rig rig;
    private final RedisServer redis;
    private final Member coordinator;
    private final Jvm jvm;
    private final DeskClient desk;

    /** Everything, ZooKeeper and keeper too. */
    EventsRig(Common common, String name, Map<String, ?> callbacks) {
        this(Rig.in(common.data().resolve(name)).stores(false), callbacks);
    }

    private EventsRig(Rig started, Map<String, ?> callbacks) {
        this.rig = started;
        this.jvm = Jvm.heap("512m");
        try {
            rig.part("keeper", "io.longwire.keeper.server.KeeperMain", Jvm.heap("128m"), Map.of("holdDown", "2s"));
            rig.part("saver-fake", "io.longwire.bench.rig.FakeSaverMain", Jvm.heap("128m"), Map.of());
            this.redis = redis(rig);
            this.coordinator = coordinator(rig, redis, jvm, callbacks);
            this.desk = new DeskClient(rig.self().rpc(), rig.self().cluster());
        } catch (RuntimeException failed) {
            rig.close();
            throw failed;
        }
    }

    /** The Redis of a rig's coordinators, empty. */
    static RedisServer redis(Rig rig) {
        RedisServer redis = rig.own(RedisServer.start(RedisServer.Options.in(rig.deployment().home().resolve("events"))
                .config("maxmemory", "6gb").config("auto-aof-rewrite-min-size", "2gb")));
        redis.wipe();
        rig.watched("events-redis", redis.pid());
        return redis;
    }

    /** A coordinator on that Redis. */
    static Member coordinator(Rig rig, RedisServer redis, Jvm jvm, Map<String, ?> callbacks) {
        var sends = new LinkedHashMap<String, Object>(callbacks);
        sends.put("allow", List.of("127.0.0.0/8"));
        return rig.part("coordinator", "io.longwire.coordinator.CoordinatorMain", jvm,
                Map.of("apiPort", 0, "redis", Map.of("nodes", List.of(redis.host() + ":" + redis.port())), "keep",
                        Map.of("endpointPerSecond", 10_000, "appPerSecond", 10_000_000, "bytesPerApp", "8GB"),
                        "callbacks", sends));
    }

    Rig rig() {
        return rig;
    }

    RedisServer redis() {
        return redis;
    }

    List<String> flags() {
        return jvm.flags();
    }

    /** Where it answers consumers. */
    String api() {
        return coordinator.attributes().getOrDefault("api", "");
    }

    long pid() {
        return rig.pids().getOrDefault("coordinator", 0L);
    }

    /** Of an app, to that backend; the coordinator follows within about a second. */
    void callback(int app, String type, String url, int batch, int timeoutMillis) {
        desk.putCallback(Callback.newBuilder().setAppId(app).setType(type).setUrl(url).addSecrets(SECRET)
                .setBatch(batch).setTimeoutMs(timeoutMillis).setMaxAttempts(1_000).build()).join();
    }

    void noCallback(int app, String type) {
        desk.deleteCallback(CallbackName.newBuilder().setAppId(app).setType(type).build()).join();
    }

    /** Keeps so many events, as fast as it goes; what a coordinator that is still cold did not take goes again. */
    void fill(String type, int events, int size, int run) {
        try (var target = new UplinkTarget(rig.self(), APP, type, ENDPOINTS, size)) {
            long kept = 0;
            LoadResult last = null;
            for (int attempt = 0; attempt < ATTEMPTS && kept < events; attempt++) {
                last = new Load(target, ENDPOINTS, 1, run, rig.self().clock()).inTurn().run(run,
                        new Pace.Closed(AT_ONCE), FOREVER_SECONDS, events - kept);
                kept += last.accepted();
                if (kept < events) {
                    Settle.seconds(1);
                }
            }
            if (kept < events) {
                throw new IllegalStateException("kept: " + kept + ", at last " + (last == null ? "" : last.outcomes())
                        + " (expected: " + events + ")");
            }
        }
    }

    @Override
    public void close() {
        rig.close();
    }
}
