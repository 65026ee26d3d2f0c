package io.longwire.keeper.server;

import io.longwire.keeper.cluster.SlotMap;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.server.slots.KeeperMetric;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.cluster.SlotMapRecord;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class KeeperIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path data;
    private final Deque<Service> running = new ArrayDeque<>();
    private ZooKeeperServer zookeeper;

    @BeforeEach
    void start() {
        zookeeper = ZooKeeperServer.start(ZooKeeperServer.Options.in(data.resolve("zookeeper")));
    }

    @AfterEach
    void stop() {
        running.forEach(Service::close);
        zookeeper.close();
    }

    @Test
    void publishesAMapAsRegistersComeAndDrain() {
        Service keeper = keeper("1m");
        Service one = register("x", "1s");
        await().atMost(SOON).until(() -> owned(keeper, one) == 1.0);
        long epoch = keeper.cluster().registerMap().epoch();

        Service two = register("y", "1s");
        Service three = register("x", "1s");
        await().atMost(SOON).until(() -> keeper.cluster().registerMap().members().size() == 3);
        assertThat(keeper.cluster().registerMap().epoch()).isGreaterThan(epoch);
        assertThat(owned(keeper, two)).as("in another IDC than the others").isEqualTo(1.0);
        assertThat(owned(keeper, one) + owned(keeper, three)).isEqualTo(1.0);

        long start = keeper.clock().millis();
        three.close();
        await().atMost(SOON).until(() -> keeper.cluster().registerMap().members().size() == 2);
        assertThat(keeper.clock().millis() - start).as("no hold-down for a drain").isLessThan(10_000);
        assertThat(owned(keeper, one)).isEqualTo(1.0);
    }

    @Test
    void keepsTheSlotsOfAVanishedRegisterForTheHoldDown() {
        Service keeper = keeper("3s");
        Service one = register("x", "1s");
        Service two = register("x", "0");
        await().atMost(SOON).until(() -> owned(keeper, two) == 1.0);
        long epoch = keeper.cluster().registerMap().epoch();

        long begin = keeper.clock().millis();
        two.close();

        await().until(() -> keeper.cluster().members("register").list().size() == 1);
        await().atMost(SOON).until(() -> keeper.cluster().registerMap().members().size() == 1);
        assertThat(keeper.clock().millis() - begin).isGreaterThanOrEqualTo(3_000);
        assertThat(keeper.cluster().registerMap().epoch()).as("no other map before").isEqualTo(epoch + 1);
        assertThat(owned(keeper, one)).isEqualTo(1.0);
    }

    @Test
    void handsOverToAnotherKeeperWhichGoesOnWithHigherEpochs() {
        Service first = keeper("1m");
        Service one = register("x", "1s");
        await().atMost(SOON).until(() -> owned(first, one) == 1.0);
        Service second = keeper("1m");
        await().atMost(SOON).until(() -> owned(second, one) == 1.0);
        assertThat(published(second)).as("only the one that leads publishes").isZero();
        long epoch = second.cluster().registerMap().epoch();

        first.close();
        Service two = register("x", "1s");

        await().atMost(SOON).until(() -> owned(second, two) == 1.0);
        assertThat(second.cluster().registerMap().epoch()).isGreaterThan(epoch);
        assertThat(published(second)).isPositive();
    }

    @Test
    void leadsOnAfterZooKeeperWasAway() {
        Service keeper = keeper("1m");
        Service one = register("x", "1s");
        await().atMost(SOON).until(() -> owned(keeper, one) == 1.0);
        long epoch = keeper.cluster().registerMap().epoch();

        zookeeper.restart();
        Service two = register("x", "1s");

        await().until(() -> owned(keeper, two) == 1.0);
        assertThat(keeper.cluster().registerMap().epoch()).isGreaterThan(epoch);
    }

    @Test
    void publishesWhatTheRunningPartsTakeAfterZooKeeperWasEmptied() throws Exception {
        Service first = keeper("1m");
        Service one = register("x", "1s");
        await().atMost(SOON).until(() -> owned(one, one) == 1.0);
        try (CuratorFramework client = ZooKeeperClient.connect(zookeeper.connectString(), "longwire",
                Duration.ofSeconds(10))) {
            SlotMapRecord map = SlotMapRecord.parseFrom(client.getData().forPath(ZooKeeperPaths.REGISTER_MAP));
            client.setData().forPath(ZooKeeperPaths.REGISTER_MAP, map.toBuilder().setEpoch(500).build().toByteArray());
            await().atMost(SOON).until(() -> first.cluster().members("register").list().stream()
                    .allMatch(register -> "500".equals(register.attributes().get("map"))));
            first.close();
            client.delete().forPath(ZooKeeperPaths.REGISTER_MAP);
        }

        Service second = keeper("1m", "fresh"); // knows nothing from disk
        Service two = register("y", "1s");

        await().atMost(SOON).until(() -> owned(one, two) == 1.0);
        assertThat(one.cluster().registerMap().epoch()).isGreaterThan(500);
        assertThat(published(second)).isPositive();
    }

    @Test
    void aNewKeeperHoldsTheSlotsOfWhoVanishedBeforeItLed() {
        Service first = keeper("1m");
        Service one = register("x", "1s");
        Service two = register("x", "0");
        await().atMost(SOON).until(() -> owned(one, two) == 1.0);
        long epoch = one.cluster().registerMap().epoch();
        first.close();
        two.close();

        long begin = one.clock().millis();
        Service second = keeper("4s");

        await().atMost(SOON).until(() -> ((PrometheusMetrics) second.metrics()).value(KeeperMetric.LEADING) == 1);
        await().atMost(SOON).until(() -> one.cluster().registerMap().members().size() == 1);
        assertThat(one.clock().millis() - begin).isGreaterThanOrEqualTo(4_000);
        assertThat(one.cluster().registerMap().epoch()).as("no other map before").isEqualTo(epoch + 1);
        assertThat(owned(one, one)).isEqualTo(1.0);
    }

    private static long published(Service keeper) {
        return keeper.metrics().counter(KeeperMetric.MAPS_PUBLISHED).count();
    }

    /** The share of the slots a register owns, by what another part sees. */
    private static double owned(Service seenBy, Service register) {
        SlotMap map = seenBy.cluster().registerMap();
        int owned = 0;
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            owned += map.owns(register.cluster().self().instance(), slot) ? 1 : 0;
        }
        return owned / (double) Slots.COUNT;
    }

    private Service keeper(String holdDown) {
        return keeper(holdDown, "");
    }

    private Service keeper(String holdDown, String folder) {
        return own(Service.start("keeper", node("x", "1s", folder, Map.of("holdDown", holdDown)), KeeperConfig::read,
                KeeperMain::wire, HaltPoints.none()));
    }

    private Service register(String idc, String drain) {
        return own(Service.start("register", node(idc, drain, "", Map.of()), root -> root, (service, config) -> {
        }, HaltPoints.none()));
    }

    private ConfigNode node(String idc, String drain, String folder, Map<String, Object> more) {
        var root = new HashMap<String, Object>(more);
        root.put("service", Map.of("zookeeper", Objects.requireNonNull(zookeeper).connectString(), "dataDir",
                data.resolve(folder).toString(), "idc", idc, "session", "3s", "drain", drain));
        return ConfigNode.of(root);
    }

    private Service own(Service service) {
        running.push(service);
        return service;
    }
}
