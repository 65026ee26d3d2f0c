package io.longwire.e2e.platform;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.trust.SigningKey;
import io.longwire.testkit.process.JavaProcess;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.Stores;
import io.longwire.testkit.stores.Stores.Database;
import io.longwire.testkit.stores.Stores.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Every part a process of its own ({@code longwire run PART --config ...}) over the JVM's test stores: one keeper and
 * dispatcher, two registers and savers, as many rooms, centers and coordinators as asked for, the last with a Redis of
 * their own. Each can be killed, frozen, made to halt at named points and started again on the same ports.
 */
public final class PartProcesses implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(4);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final int UPLINKS_PER_SECOND = 500; // of an endpoint: no test is about this limit

    private final Path home;
    private final RedisServer redis = Stores.shared().freshRedis();
    private final Database database = Stores.shared().freshDatabase("parts");
    private final Namespace namespace = Stores.shared().freshNamespace("parts");
    private final List<Integer> ports = new ArrayList<>();
    private final Map<String, Map<String, Object>> configs = new LinkedHashMap<>();
    private final Map<String, JavaProcess> running = new LinkedHashMap<>();
    private final String adminKey;
    private final int rooms;
    private final int centers;
    private final @Nullable RedisServer events;
    private Product product;

    /** With two rooms and one center. */
    public PartProcesses(String name) {
        this(name, 2, 1);
    }

    /**
     * Without a coordinator.
     *
     * @param rooms at most 9: room-1, room-2 ...; 0 = others start them
     * @param centers at most 9: center, center-2 ...
     */
    public PartProcesses(String name, int rooms, int centers) {
        this(name, rooms, centers, 0);
    }

    /** @param coordinators at most 9: coordinator-1, coordinator-2 ...; a room that is away for 2 s is told gone */
    public PartProcesses(String name, int rooms, int centers, int coordinators) {
        this.home = Place.fresh(name);
        try {
            this.adminKey = SecretsFile.create(home.resolve("secrets.yaml"));
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
        Path keeperKey = home.resolve("keeper.pem");
        try {
            SigningKey.create(keeperKey);
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
        configs.put("keeper", Map.of("holdDown", "500ms", "agentKey", keeperKey.toString()));
        configs.put("register-1", Map.of());
        configs.put("register-2", Map.of());
        Map<String, Object> saver = Map.of("redis", Map.of("nodes", List.of(redis.host() + ":" + redis.port())),
                "shards", List.of(Map.of("url", database.jdbcUrl(), "user", database.user(), "password",
                        database.password())));
        configs.put("saver-1", saver);
        configs.put("saver-2", saver);
        ports.addAll(Place.freePorts(rooms + centers + coordinators + 1));
        this.rooms = rooms;
        this.centers = centers;
        this.events = coordinators == 0 ? null : RedisServer.start(RedisServer.Options.in(home.resolve("events")));
        for (int i = 0; i < coordinators; i++) {
            configs.put("coordinator-" + (i + 1), coordinator(ports.get(rooms + centers + i)));
        }
        for (int i = 0; i < rooms; i++) {
            configs.put("room-" + (i + 1), Map.of("listen", List.of(Map.of("port", ports.get(i))), "limits",
                    Map.of("uplinks", Map.of("perSecond", UPLINKS_PER_SECOND))));
        }
        for (int i = 0; i < centers; i++) {
            configs.put(i == 0 ? "center" : "center-" + (i + 1), Map.of("apiPort", ports.get(rooms + i)));
        }
        configs.put("dispatcher", Map.of("port", ports.getLast(), "registrationsPerMinute", 1_000_000));
        boolean up = false;
        try {
            configs.keySet().forEach(this::launch);
            configs.keySet().forEach(this::awaitServing);
            this.product = awaitProduct();
            up = true;
        } finally {
            if (!up) {
                close();
            }
        }
    }

    private Map<String, Object> coordinator(int port) {
        return Map.of("apiPort", port, "redis", Map.of("nodes", List.of(events().host() + ":" + events().port())),
                "keep", Map.of("endpointPerSecond", UPLINKS_PER_SECOND), "presence", Map.of("roomGrace", "2s"),
                "callbacks", Map.of("allow", List.of("127.0.0.0/8")));
    }

    /** All of them, as they were started. */
    public List<String> names() {
        return List.copyOf(configs.keySet());
    }

    public Product product() {
        return product;
    }

    /** Where a room takes phones, "host:port"; the first is 0. */
    public String room(int index) {
        return "127.0.0.1:" + ports.get(index);
    }

    /** Where a center answers backends, "http://host:port"; the first is 0. */
    public String api(int index) {
        return "http://127.0.0.1:" + ports.get(rooms + index);
    }

    /** Where configuration, logs and data are. */
    public Path home() {
        return home;
    }

    /** The public half of the key that this deployment's keeper signs its orders with. */
    public String keeperKey() {
        return SigningKey.read(home.resolve("keeper.pem")).publicText();
    }

    /** Where the keeper answers operators, "host:port". */
    public String keeper() {
        return process("keeper").awaitLine("keeper serves: rpc ([^,]+),", START).group(1);
    }

    /** Where a coordinator answers consumers, "host:port"; the first is 0. */
    public String events(int index) {
        return "127.0.0.1:" + ports.get(rooms + centers + index);
    }

    /** The coordinators' own, with its append-only file. */
    public RedisServer events() {
        RedisServer own = events;
        if (own == null) {
            throw new IllegalStateException("events: no Redis (expected: started with coordinators)");
        }
        return own;
    }

    public RedisServer redis() {
        return redis;
    }

    public Database database() {
        return database;
    }

    /** A member of the deployment in this JVM that serves nothing: the way to call the others. The caller closes it. */
    public Service observer() {
        return Service.start("observer", ConfigNode.of(Map.of("service", service("observer"))), node -> node,
                (service, config) -> {
                }, HaltPoints.none());
    }

    /** The process of that name, running or ended. */
    public JavaProcess process(String name) {
        JavaProcess process = running.get(name);
        if (process == null) {
            throw new IllegalStateException("part: " + name + " (expected: one of " + names() + ")");
        }
        return process;
    }

    /** Ends it where it stands. */
    public void kill9(String name) {
        process(name).kill9();
    }

    /** Starts a dead one again, with named points to halt at; returns when it serves. */
    public void restart(String name, String... haltAt) {
        launch(name, haltAt);
        awaitServing(name);
    }

    /** Brings back whatever is dead. */
    public void restartDead() {
        for (String name : names()) {
            if (!process(name).alive()) {
                restart(name);
            }
        }
    }

    private void launch(String name, String... haltAt) {
        var config = new LinkedHashMap<String, Object>();
        config.put("service", service(name));
        config.putAll(configs.getOrDefault(name, Map.of()));
        String[] words = new String[2 * haltAt.length];
        for (int i = 0; i < haltAt.length; i++) {
            words[2 * i] = "--halt-at";
            words[2 * i + 1] = haltAt[i];
        }
        running.put(name, PartProcess.start(home, name, name.replaceFirst("-\\d$", ""), config, words));
    }

    /** What a part of that name has under {@code service:} here. */
    public Map<String, Object> service(String name) {
        return Map.of("zookeeper", namespace.connectString(), "namespace", namespace.name(), "dataDir",
                home.resolve(name).toString(), "secrets", home.resolve("secrets.yaml").toString(), "session", "4s",
                "drain", "2s");
    }

    private void awaitServing(String name) {
        process(name).awaitLine(name.replaceFirst("-\\d$", "") + " serves: ", START);
    }

    // Center serves as soon as it runs; whether the parts behind it do, it says when asked.
    private Product awaitProduct() {
        var operator = new Product(api(0), "http://127.0.0.1:" + ports.getLast(), adminKey, 0, "", "", "");
        long end = Clock.system().nanos() + START.toNanos();
        while (true) {
            try {
                return operator.another("parts");
            } catch (AssertionError | UncheckedIOException early) {
                if (Clock.system().nanos() - end > 0) {
                    throw early;
                }
                LockSupport.parkNanos(200_000_000);
            }
        }
    }

    @Override
    public void close() {
        List<String> names = names().reversed();
        for (String name : names) {
            JavaProcess process = running.get(name);
            if (process != null && process.alive()) {
                process.thaw();
                process.stop(STOP);
            }
        }
        running.values().forEach(JavaProcess::close);
        RedisServer own = events;
        if (own != null) {
            own.close();
        }
    }
}
