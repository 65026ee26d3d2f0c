package io.longwire.keeper.service;

import io.longwire.keeper.cluster.ZooKeeperPaths;
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
    void anEmptyLayerLeavesAProcessItsZooKeeper() throws Exception {
        inForce(6, "service:\n  # weight: 50\nsize: 6");
        room().close();

        try (Service again = room()) {
            assertThat(wired).hasValue(6);
            assertThat(again.config().zookeeper()).isEqualTo(zookeeper.getConnectString());
        }
    }

    private Service room() {
        return TestPart.start("room", zookeeper.getConnectString(), data, (service, config) -> {
            wired.set(config.size());
            if (config.size() == 7) {
                throw new StartFailure("room: no room for 7 (expected: another)", new IOException("full"));
            }
        }, Map.of());
    }

    private void inForce(long number, String yaml) throws Exception {
        client.create().creatingParentsIfNeeded().forPath(ZooKeeperPaths.configVersion("room", number),
                ConfigVersion.newBuilder().setPart("room").setNumber(number)
                        .addLayers(ConfigLayer.newBuilder().setYaml(yaml)).build().toByteArray());
        client.create().orSetData().forPath(ZooKeeperPaths.configState("room"), ConfigState.newBuilder()
                .setInForce(number).setHead(number).build().toByteArray());
    }
}
