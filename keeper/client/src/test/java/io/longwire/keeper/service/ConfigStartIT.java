package io.longwire.keeper.service;

import com.google.protobuf.ByteString;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import io.longwire.keeper.follow.LastGood;
import io.longwire.rpc.cluster.SlotMapRecord;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigState;
import io.longwire.rpc.keeper.ConfigVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A process whose stored configuration lets it take over, and not start. */
final class ConfigStartIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path data;
    private TestingServer zookeeper;
    private CuratorFramework client;
    private String part = "room";
    private final AtomicInteger wired = new AtomicInteger();

    @BeforeEach
    void start() throws Exception {
        zookeeper = new TestingServer();
        client = CuratorFrameworkFactory.builder().connectString(zookeeper.getConnectString())
                .namespace("longwire/longwire").retryPolicy(new RetryOneTime(100)).build();
        client.start();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        zookeeper.close();
    }

    @Test
    void aVersionThatNoStartServesWithKeepsNoProcessDown() throws Exception {
        inForce(6, "size: 6");
        try (Service room = room()) {
            assertThat(wired).hasValue(6);
            inForce(7, "size: 7"); // is taken, waits for a restart, and no start serves with it
            await().atMost(SOON).until(() -> "7".equals(room.cluster().self().attributes().get("config")));
        }

        assertThatThrownBy(this::room).isInstanceOf(StartFailure.class).hasMessageContaining("no room for 7");
        try (Service room = room()) {
            assertThat(wired).as("the one before").hasValue(6);
            await().atMost(SOON).until(() -> "7".equals(room.cluster().self().attributes().get("config.refused")));
            inForce(8, "size: 8");
            await().atMost(SOON).until(() -> "8".equals(room.cluster().self().attributes().get("config")));
        }
        try (Service room = room()) {
            assertThat(room.cluster().self().attributes()).containsEntry("config.refused", "");
            assertThat(wired).hasValue(8);
        }
    }

    @Test
    void aHotVersionThatIsNotInForceYetKeepsNoProcessDown() throws Exception {
        part = "saver"; // which starts without ZooKeeper
        client.create().creatingParentsIfNeeded().forPath(ZooKeeperPaths.REGISTER_MAP, SlotMapRecord.newBuilder()
                .setEpoch(3).setOwners(ByteString.copyFrom(new byte[Slots.COUNT * 2 * Short.BYTES])).addInstances("r")
                .addAddresses("127.0.0.1:1").addIdcs("x").build().toByteArray());
        inForce(6, "size: 6");
        try (Service saver = hot()) {
            assertThat(wired).hasValue(6);
            await().atMost(SOON).until(() -> saver.cluster().registerMap().epoch() == 3);
            candidate(6, 7, "size: 7"); // counts at once, and is what kills the process
            await().atMost(SOON).until(() -> "7".equals(saver.cluster().self().attributes().get("config")));
        }
        zookeeper.stop();

        assertThatThrownBy(this::hot).isInstanceOf(StartFailure.class).hasMessageContaining("no room for 7");
        try (Service saver = hot()) {
            assertThat(saver.cluster().registerMap().epoch()).isEqualTo(3);
            assertThat(wired).as("the one before").hasValue(6);
        }
    }

    @Test
    void aHotVersionIsGoodOnceItIsInForce() throws Exception {
        inForce(6, "size: 6");
        try (Service room = hot()) {
            candidate(6, 8, "size: 8");
            await().atMost(SOON).until(() -> "8".equals(room.cluster().self().attributes().get("config")));
            await().atMost(SOON).until(() -> disk().first().getNumber() == 8);
            assertThat(disk().proven().getNumber()).isEqualTo(6);

            state(ConfigState.newBuilder().setInForce(8).setHead(8).build());
            await().atMost(SOON).until(() -> disk().proven().getNumber() == 8);
        }
    }

    @Test
    void aStartWithAVersionThatIsNotInForceYetFailsIfItDoesNotEndInOrder() throws Exception {
        inForce(6, "size: 6");
        room().close();
        candidate(6, 8, "size: 8");
        try (Service room = room()) {
            assertThat(wired).hasValue(8);
            assertThat(room.cluster().self().attributes()).containsEntry("config", "8");
            assertThat(disk().proven().getNumber()).isEqualTo(6);
            assertThat(disk().failed()).as("if it were killed now").isEqualTo(8);
        }
        assertThat(disk().failed()).isZero();
        assertThat(disk().first().getNumber()).isEqualTo(8);
    }

    @Test
    void anEmptyLayerLeavesAProcessItsZooKeeper() throws Exception {
        inForce(6, "service:\n  # weight: 50\nsize: 6");
        room().close();

        try (Service again = room()) {
            assertThat(wired).hasValue(6);
            assertThat(again.config().zookeeper()).isEqualTo(zookeeper.getConnectString());
        }
    }

    private Service room() {
        return TestPart.start(part, zookeeper.getConnectString(), data, this::wire, Map.of());
    }

    /** A part that takes over all of its configuration while it runs. */
    private Service hot() {
        return Service.start(part, TestPart.node(zookeeper.getConnectString(), data, Map.of()), root -> {
            root.about("size hot how large it is");
            return TestPart.reader().read(root);
        }, this::wire, HaltPoints.none());
    }

    private void wire(Service service, TestPart.Config config) {
        wired.set(config.size());
        if (config.size() == 7) {
            throw new StartFailure("room: no room for 7 (expected: another)", new IOException("full"));
        }
    }

    private LastGood disk() {
        return new LastGood(data, part);
    }

    private void inForce(long number, String yaml) throws Exception {
        create(number, yaml);
        state(ConfigState.newBuilder().setInForce(number).setHead(number).build());
    }

    private void candidate(long inForce, long number, String yaml) throws Exception {
        create(number, yaml);
        state(ConfigState.newBuilder().setInForce(inForce).setHead(number).setCandidate(number).setEveryone(true)
                .build());
    }

    private void create(long number, String yaml) throws Exception {
        client.create().creatingParentsIfNeeded().forPath(ZooKeeperPaths.configVersion(part, number),
                ConfigVersion.newBuilder().setPart(part).setNumber(number)
                        .addLayers(ConfigLayer.newBuilder().setYaml(yaml)).build().toByteArray());
    }

    private void state(ConfigState state) throws Exception {
        client.create().orSetData().forPath(ZooKeeperPaths.configState(part), state.toByteArray());
    }
}
