package io.longwire.register;

import com.google.protobuf.ByteString;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.Wiring;
import io.longwire.rpc.cluster.SlotMapRecord;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.curator.framework.CuratorFramework;

/** Parts in this JVM on one real ZooKeeper; the test publishes the slot maps in keeper's place. */
final class Deployment implements AutoCloseable {
    private static final Duration SESSION = Duration.ofSeconds(10);

    final ZooKeeperServer zookeeper;
    private final Path data;
    private final CuratorFramework keeper;
    private final Deque<Service> running = new ArrayDeque<>();
    private int started;
    private long epoch;

    Deployment(Path data) {
        this.data = data;
        this.zookeeper = ZooKeeperServer.start(ZooKeeperServer.Options.in(data.resolve("zookeeper")));
        this.keeper = ZooKeeperClient.connect(zookeeper.connectString(), "longwire", SESSION);
    }

    Service register(Map<String, Object> config) {
        return register(zookeeper.connectString(), "10s", config);
    }

    /** @param session ZooKeeper session; short ones make a busy machine look cut off now and then */
    Service register(String connect, String session, Map<String, Object> config) {
        var root = new HashMap<String, Object>(config);
        root.put("service", service(connect, session));
        return own(Service.start("register", ConfigNode.of(root), RegisterConfig::read, RegisterMain::wire,
                HaltPoints.none()));
    }

    Service part(String name, Wiring<String> wiring) {
        return part(name, zookeeper.connectString(), "10s", wiring);
    }

    Service part(String name, String connect, String session, Wiring<String> wiring) {
        return own(Service.start(name, ConfigNode.of(Map.of("service", service(connect, session))), node -> name,
                wiring, HaltPoints.none()));
    }

    /** Every slot to these owners: odd slots have the second one first. */
    long publish(Service... owners) throws Exception {
        var map = SlotMapRecord.newBuilder().setEpoch(++epoch);
        for (Service owner : owners) {
            map.addInstances(owner.cluster().self().instance()).addAddresses(owner.cluster().self().rpcAddress())
                    .addIdcs("local");
        }
        ByteBuffer pairs = ByteBuffer.allocate(Slots.COUNT * 4);
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            int first = slot % owners.length;
            int second = owners.length == 1 ? 0xffff : (slot + 1) % owners.length;
            pairs.putShort((short) first).putShort((short) second);
        }
        byte[] record = map.setOwners(ByteString.copyFrom(pairs.flip())).build().toByteArray();
        keeper.create().orSetData().creatingParentsIfNeeded().forPath(ZooKeeperPaths.REGISTER_MAP, record);
        return epoch;
    }

    private Service own(Service part) {
        running.push(part);
        return part;
    }

    @Override
    public void close() {
        for (Service part : running) {
            part.close();
        }
        keeper.close();
        zookeeper.close();
    }

    private Map<String, Object> service(String connect, String session) {
        return Map.of("zookeeper", connect, "dataDir", data.resolve("part-" + ++started).toString(), "session", session,
                "drain", "0");
    }
}
