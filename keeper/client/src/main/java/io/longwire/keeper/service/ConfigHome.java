package io.longwire.keeper.service;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.ZooKeeperCluster;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.ConfigReader;
import io.longwire.keeper.follow.ConfigFollower;
import io.longwire.keeper.follow.LastGood;
import io.longwire.keeper.follow.Layers;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.RuntimeMetric;
import io.longwire.rpc.keeper.ConfigKey;
import io.longwire.rpc.keeper.ConfigSchema;
import io.longwire.rpc.keeper.ConfigVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the configuration of a running service comes from: its file, the last good version on disk, ZooKeeper. A
 * version counts as good when the part serves with all of it and it is in force: the rollout that brought it is over.
 * Where ZooKeeper does not tell, it counts when the part has served with it for a minute. If a start with one that is
 * not known to be good dies, the next one begins with the version before, and refuses the failed one.
 */
final class ConfigHome<C> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private static final Duration FIRST_LOOK = Duration.ofSeconds(3);
    private static final Duration PUBLISH_AGAIN = Duration.ofSeconds(30);
    private static final Duration RAN_WELL = Duration.ofMinutes(1); // the usual bake time of a rollout
    private static final int HASH_LETTERS = 16;

    private final String part;
    private final Settings<C> settings;
    private final ZooKeeperCluster cluster;
    private final Metrics metrics;
    private final LastGood disk;
    private final ExecutorService thread;
    private final ConfigFollower follower;
    private final ConfigSchema schema;
    private final long failed;
    private volatile boolean serving;
    private volatile boolean closed;
    private volatile boolean schemaKept;

    ConfigHome(String part, Settings<C> settings, ZooKeeperCluster cluster, Metrics metrics, ExecutorService thread) {
        this.part = part;
        this.settings = settings;
        this.cluster = cluster;
        this.metrics = metrics;
        this.thread = thread;
        this.disk = new LastGood(settings.service().dataDir(), part);
        this.failed = disk.failed();
        this.follower = new ConfigFollower(cluster.client(), part, name(), settings.disk(), new AsTaker(), thread);
        this.schema = schema(part, settings.schema());
        // no health check: a version that all processes refuse must not take all of them out of service
        metrics.gauge(RuntimeMetric.CONFIG_BEHIND, () -> standing().refused().isEmpty() ? 0 : 1);
    }

    /** The settings of a start: the file with the version on disk over it, or what fits of the two. */
    static <C> Settings<C> settings(String part, ConfigNode file, ConfigReader<C> reader) {
        ServiceConfig service = file.under(List.of()).node("service", ServiceConfig::read);
        var disk = new LastGood(service.dataDir(), part);
        if (disk.failed() != 0) {
            LOG.warn("the last start with configuration {} died, this one begins with {}", disk.failed(),
                    disk.first().getNumber());
        }
        for (ConfigVersion known : List.of(disk.first(), disk.proven())) {
            if (known.getNumber() == 0) {
                break; // the file alone
            }
            try {
                return Settings.of(file, known, reader);
            } catch (ConfigException unfit) {
                LOG.warn("configuration {} from disk does not fit this build, an older one or the file alone serves: "
                        + "{}", known.getNumber(), unfit.getMessage());
            }
        }
        return Settings.of(file, ConfigVersion.getDefaultInstance(), reader);
    }

    /** What is in force now, before the part is wired. */
    void first() throws InterruptedException {
        if (cluster.client().getZookeeperClient().isConnected()) { // else the part starts without ZooKeeper
            follower.first(FIRST_LOOK);
        }
        disk.trying(follower.running());
        settings.wired();
        cluster.publish(Map.of("name", name(), "schema", schema.getHash(), "weight",
                Integer.toString(settings.service().weight())));
        tell();
    }

    /** The part serves: what it runs with is good if it is known to be, and is followed from now on. */
    void serves(Clock clock) {
        serving = true;
        ConfigVersion running = follower.running();
        if (follower.runsWhatIsInForce() || running.getNumber() == disk.proven().getNumber()) {
            disk.proven(running);
        } else {
            clock.schedule(RAN_WELL, this::ranWell);
        }
        follower.start(clock);
        thread.execute(this::keepSchema);
        keepSchemaLater(clock);
    }

    ConfigFollower.Standing standing() {
        return follower.standing();
    }

    ConfigSchema schema() {
        return schema;
    }

    /** service.name, or what is unique to this start of the process. */
    String name() {
        String given = settings.service().name();
        return given.isEmpty() ? cluster.self().instance() : given;
    }

    @Override
    public void close() {
        follower.close();
        closed = true;
        if (serving) {
            disk.ended();
        }
    }

    /** What the follower does with a version; all of it on the configuration's thread. */
    private final class AsTaker implements ConfigFollower.Taker {
        @Override
        public Optional<String> take(ConfigVersion version) {
            thread.execute(ConfigHome.this::tell); // after the follower's own note of it
            if (version.getNumber() == failed && failed != 0) {
                return Optional.of("version " + failed + ": the last start with it died (expected: a version that "
                        + part + " serves with; the next start tries this one again)");
            }
            Optional<String> refused = settings.lay(() -> Layers.of(version.getLayersList(),
                    cluster.self().host(), name()), metrics);
            if (refused.isEmpty() && serving) {
                disk.wanted(version);
            }
            return refused;
        }

        @Override
        public void inForce(ConfigVersion version) {
            prove(version);
        }
    }

    // What waits for a start is proven by the start that brings it in.
    private void prove(ConfigVersion version) {
        if (serving && settings.waiting().isEmpty()) {
            disk.proven(version);
        }
    }

    // ZooKeeper has not said whether it is in force: a start without it.
    private void ranWell() {
        if (!closed && !follower.heard()) {
            thread.execute(() -> prove(follower.running()));
        }
    }

    private void tell() {
        ConfigFollower.Standing now = follower.standing();
        cluster.publish(Map.of("config", Long.toString(now.version()), "config.refused", now.refused().isEmpty()
                ? ""
                : Long.toString(now.wanted())));
    }

    // So that a keeper knows the keys of this build also while no process of it runs.
    private void keepSchema() {
        String path = ZooKeeperPaths.configSchemas(part) + "/" + schema.getHash();
        try {
            if (cluster.client().checkExists().forPath(path) == null) {
                cluster.client().create().creatingParentsIfNeeded().forPath(path, schema.toByteArray());
            }
            schemaKept = true;
        } catch (KeeperException.NodeExistsException another) {
            schemaKept = true;
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } catch (Exception away) {
            LOG.warn("the schema of the configuration was not published, trying again: {}", away.toString());
        }
    }

    private void keepSchemaLater(Clock clock) {
        clock.schedule(PUBLISH_AGAIN, () -> {
            if (!schemaKept && !thread.isShutdown()) {
                thread.execute(this::keepSchema);
                keepSchemaLater(clock);
            }
        });
    }

    private static ConfigSchema schema(String part, List<ConfigKey> keys) {
        return ConfigSchema.newBuilder().setPart(part).setHash(hash(keys)).addAllKeys(keys).build();
    }

    // Without the defaults, some of which differ from machine to machine.
    private static String hash(List<ConfigKey> keys) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (ConfigKey key : keys) {
                digest.update(key.toBuilder().clearDefaultValue().build().toString().getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_LETTERS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
