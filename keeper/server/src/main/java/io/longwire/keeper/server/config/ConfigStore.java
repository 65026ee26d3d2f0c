package io.longwire.keeper.server.config;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import io.longwire.rpc.keeper.ConfigCode;
import io.longwire.rpc.keeper.ConfigSchema;
import io.longwire.rpc.keeper.ConfigState;
import io.longwire.rpc.keeper.ConfigVersion;
import io.longwire.rpc.keeper.WatchedRollout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * What ZooKeeper keeps of the configuration. Versions are written once; the state of a part is changed by
 * compare-and-set, and what is watched of its rollout in one transaction with it. A write whose answer was lost is
 * known again by its bytes, so it counts as done and is not done twice. Thread-safe; waits for ZooKeeper, and throws
 * ConfigRefused STORE_AWAY if it does not answer.
 */
final class ConfigStore implements RolloutStore {
    /** What stands of old versions; older ones are pruned, unless they are in force. */
    private static final int KEPT = 500;
    private static final int TRIES = 10;
    private static final Pattern PART = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private final CuratorFramework zookeeper;

    /** What may fail on the way to ZooKeeper. */
    private interface Asking<T> {
        T ask() throws Exception;
    }

    ConfigStore(CuratorFramework zookeeper) {
        this.zookeeper = zookeeper;
    }

    /** Every part that has told a schema or is running. */
    @Override
    public List<String> parts() {
        var parts = new TreeSet<>(children(ZooKeeperPaths.CONFIG));
        parts.addAll(children(ZooKeeperPaths.MEMBERS));
        return List.copyOf(parts);
    }

    @Override
    public ConfigState state(String part) {
        return read(ZooKeeperPaths.configState(known(part)), new Stat()).map(ConfigStore::state)
                .orElse(ConfigState.getDefaultInstance());
    }

    @Override
    public ConfigState change(String part, UnaryOperator<ConfigState> change) {
        return change(part, change, null);
    }

    @Override
    public ConfigState change(String part, UnaryOperator<ConfigState> change, @Nullable WatchedRollout watched) {
        String path = ZooKeeperPaths.configState(known(part));
        for (int i = 0; i < TRIES; i++) {
            var stat = new Stat();
            Optional<byte[]> standing = read(path, stat);
            ConfigState before = standing.map(ConfigStore::state).orElse(ConfigState.getDefaultInstance());
            ConfigState after = change.apply(before);
            if (after.equals(before)) {
                return after;
            }
            byte[] data = after.toByteArray();
            boolean written = watched == null
                    ? write(path, data, standing.isEmpty() ? -1 : stat.getVersion())
                    : writeBoth(part, data, stat.getVersion(), watched.toByteArray());
            if (written || holds(path, data)) {
                return after;
            }
        }
        throw new ConfigRefused(ConfigCode.CHANGED_MEANWHILE, part + ": changed by others again and again (expected: "
                + "one at a time)");
    }

    /** The numbers of the versions that stand, upwards. */
    List<Long> numbers(String part) {
        return children(ZooKeeperPaths.configVersions(known(part))).stream().map(Long::valueOf).sorted().toList();
    }

    /** Throws NO_SUCH_VERSION, naming those there are. 0 = no layers. */
    @Override
    public ConfigVersion version(String part, long number) {
        if (number == 0) {
            return ConfigVersion.newBuilder().setPart(part).build();
        }
        String path = ZooKeeperPaths.configVersion(known(part), number);
        byte[] data = number < 0 || number > 9_999_999_999L ? null : read(path, new Stat()).orElse(null);
        if (data == null) {
            List<Long> there = numbers(part);
            throw new ConfigRefused(ConfigCode.NO_SUCH_VERSION, "version: " + Long.toUnsignedString(number)
                    + " (expected: " + (there.isEmpty()
                            ? "one that was put; " + part + " has none"
                            : there.getFirst() + " to " + there.getLast())
                    + ")");
        }
        try {
            return ConfigVersion.parseFrom(data);
        } catch (InvalidProtocolBufferException broken) {
            throw new ConfigRefused(ConfigCode.NO_SUCH_VERSION, "version: " + number + " (expected: one that can be "
                    + "read)");
        }
    }

    /** Writes a version under the next number. */
    ConfigVersion create(ConfigVersion.Builder draft) {
        for (int i = 0; i < TRIES; i++) {
            List<Long> there = numbers(draft.getPart());
            ConfigVersion version = draft.setNumber(there.isEmpty() ? 1 : there.getLast() + 1).build();
            String path = ZooKeeperPaths.configVersion(draft.getPart(), version.getNumber());
            if (write(path, version.toByteArray(), -1) || holds(path, version.toByteArray())) {
                prune(draft.getPart(), there);
                return version;
            }
        }
        throw new ConfigRefused(ConfigCode.CHANGED_MEANWHILE, "version: others put theirs again and again (expected: "
                + "one at a time)");
    }

    /** Schemas by hash, as processes told them. */
    Optional<ConfigSchema> schema(String part, String hash) {
        return read(ZooKeeperPaths.configSchemas(known(part)) + "/" + hash, new Stat()).map(ConfigStore::schema);
    }

    /** The one told last. */
    Optional<ConfigSchema> newestSchema(String part) {
        Optional<ConfigSchema> newest = Optional.empty();
        long newestAt = -1;
        for (String hash : children(ZooKeeperPaths.configSchemas(known(part)))) {
            var stat = new Stat();
            Optional<byte[]> data = read(ZooKeeperPaths.configSchemas(part) + "/" + hash, stat);
            if (data.isPresent() && stat.getCzxid() > newestAt) {
                newestAt = stat.getCzxid();
                newest = data.map(ConfigStore::schema);
            }
        }
        return newest;
    }

    @Override
    public WatchedRollout watched(String part) {
        return read(ZooKeeperPaths.configWatched(known(part)), new Stat()).map(data -> {
            try {
                return WatchedRollout.parseFrom(data);
            } catch (InvalidProtocolBufferException broken) {
                throw broken("watched");
            }
        }).orElse(WatchedRollout.getDefaultInstance());
    }

    private static String known(String part) {
        if (!PART.matcher(part).matches()) {
            throw new ConfigRefused(ConfigCode.BAD_REQUEST, "part: " + part + " (expected: the name of a part such as "
                    + "room)");
        }
        return part;
    }

    private List<String> children(String path) {
        return asking(() -> {
            try {
                return zookeeper.getChildren().forPath(path);
            } catch (KeeperException.NoNodeException none) {
                return List.of();
            }
        });
    }

    private Optional<byte[]> read(String path, Stat stat) {
        return asking(() -> {
            try {
                return Optional.of(zookeeper.getData().storingStatIn(stat).forPath(path));
            } catch (KeeperException.NoNodeException none) {
                return Optional.empty();
            }
        });
    }

    /** @param version of the node that is to be replaced; -1 = there is none. False if it is another meanwhile */
    private boolean write(String path, byte[] data, int version) {
        return asking(() -> {
            try {
                if (version < 0) {
                    zookeeper.create().creatingParentsIfNeeded().forPath(path, data);
                } else {
                    zookeeper.setData().withVersion(version).forPath(path, data);
                }
                return true;
            } catch (KeeperException.NodeExistsException | KeeperException.BadVersionException another) {
                return false;
            }
        });
    }

    // A rollout has a state, so only what is watched of the first one may have no node yet.
    private boolean writeBoth(String part, byte[] state, int version, byte[] watched) {
        String path = ZooKeeperPaths.configWatched(part);
        return asking(() -> {
            try {
                if (zookeeper.checkExists().forPath(path) == null) {
                    zookeeper.create().forPath(path, new byte[0]); // an empty one is of no rollout
                }
                zookeeper.transaction().forOperations(
                        zookeeper.transactionOp().setData().withVersion(version)
                                .forPath(ZooKeeperPaths.configState(part), state),
                        zookeeper.transactionOp().setData().forPath(path, watched));
                return true;
            } catch (KeeperException.NodeExistsException | KeeperException.BadVersionException another) {
                return false;
            }
        });
    }

    // The one before may have been written although its answer was lost, and the next try then finds what it wrote.
    private boolean holds(String path, byte[] data) {
        return read(path, new Stat()).filter(found -> Arrays.equals(found, data)).isPresent();
    }

    private void prune(String part, List<Long> there) {
        if (there.size() < KEPT) {
            return;
        }
        ConfigState state = state(part);
        var needed = new ArrayList<>(List.of(state.getInForce(), state.getCandidate(), state.getHead()));
        state.getDeployedList().forEach(deployed -> needed.add(deployed.getVersion()));
        for (Long old : there.subList(0, there.size() - KEPT + 1)) {
            if (!needed.contains(old)) {
                asking(() -> zookeeper.delete().quietly().forPath(ZooKeeperPaths.configVersion(part, old)));
            }
        }
    }

    private static ConfigState state(byte[] data) {
        try {
            return ConfigState.parseFrom(data);
        } catch (InvalidProtocolBufferException broken) {
            throw broken("state");
        }
    }

    private static ConfigSchema schema(byte[] data) {
        try {
            return ConfigSchema.parseFrom(data);
        } catch (InvalidProtocolBufferException broken) {
            throw broken("schema");
        }
    }

    private static ConfigRefused broken(String what) {
        return new ConfigRefused(ConfigCode.STORE_AWAY, what + ": cannot be read (expected: what a keeper wrote)");
    }

    private static <T> T asking(Asking<T> asking) {
        try {
            return asking.ask();
        } catch (ConfigRefused told) {
            throw told;
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new ConfigRefused(ConfigCode.STORE_AWAY, "ZooKeeper: not asked, this keeper ends");
        } catch (Exception away) {
            throw new ConfigRefused(ConfigCode.STORE_AWAY, "ZooKeeper: " + away + " (expected: an answer)");
        }
    }
}
