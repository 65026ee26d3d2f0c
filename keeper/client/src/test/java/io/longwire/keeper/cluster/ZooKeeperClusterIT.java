package io.longwire.keeper.cluster;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.rpc.cluster.Stamp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.test.KillSession;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

final class ZooKeeperClusterIT {
    private static final Duration SESSION = Duration.ofSeconds(3);

    @TempDir
    private Path data;
    private final List<ZooKeeperCluster> open = new ArrayList<>();
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private TestingServer zookeeper;
    private CuratorFramework other;

    @BeforeEach
    void start() throws Exception {
        zookeeper = new TestingServer();
        other = ZooKeeperClient.connect(zookeeper.getConnectString(), "test", SESSION);
    }

    @AfterEach
    void stop() throws IOException {
        open.forEach(ZooKeeperCluster::close);
        other.close();
        zookeeper.close();
    }

    @Test
    void leasesDifferentIndexesAndShowsMembers() throws Exception {
        ZooKeeperCluster one = joined("room", "room-1");
        ZooKeeperCluster two = joined("room", "room-2");
        ZooKeeperCluster center = joined("center", "center-1");

        await().until(() -> center.members("room").list().size() == 2);
        assertThat(List.of(one.self().index(), two.self().index(), center.self().index())).containsExactly(1, 2, 1);
        assertThat(center.members("room").list()).extracting(Member::instance).containsExactly("room-1", "room-2");

        one.leave();
        await().until(() -> center.members("room").list().size() == 1);
    }

    @Test
    void neverGivesAnIndexAgainSoon() throws Exception {
        ZooKeeperCluster one = joined("room", "room-1");
        one.leave();
        one.close();

        assertThat(joined("room", "room-2").self().index()).isEqualTo(2);
    }

    @Test
    void givesAnIndexAgainAfterItsRest() throws Exception {
        var lease = new IndexLease(other, "center", "center-1", Duration.ofMillis(100), Clock.system());
        int index = lease.acquire();
        assertThat(lease.touch(index)).isTrue();
        lease.release(index);

        await().until(() -> new IndexLease(other, "center", "center-2", Duration.ofMillis(100), Clock.system())
                .acquire() == index);
        assertThat(lease.touch(index)).as("the former holder").isFalse();
    }

    @Test
    void takesANewIncarnationWhenItsSessionWasKilled() throws Exception {
        ZooKeeperCluster room = joined("room", "room-1");
        ZooKeeperCluster center = joined("center", "center-1");
        await().until(() -> center.members("room").list().size() == 1);
        var incarnations = new CopyOnWriteArrayList<Member>();
        room.onReincarnation(incarnations::add);

        KillSession.kill(room.client().getZookeeperClient().getZooKeeper());

        await().atMost(Duration.ofSeconds(60)).until(() -> incarnations.size() == 1);
        assertThat(incarnations.getFirst().index()).isEqualTo(2);
        assertThat(room.self().index()).isEqualTo(2);
        await().until(() -> center.members("room").byIndex(2).isPresent());
        assertThat(center.members("room").list()).hasSize(1);
        assertThat(room.fenced()).isFalse();
    }

    @Test
    void keepsServingWhileZooKeeperRestarts() throws Exception {
        ZooKeeperCluster room = joined("room", "room-1");
        ZooKeeperCluster center = joined("center", "center-1");
        publish(map(4, "register-1"));
        await().until(() -> room.registerMap().epoch() == 4 && center.members("room").list().size() == 1);

        zookeeper.stop();
        await().atMost(Duration.ofSeconds(60)).until(() -> room.trouble().isPresent());
        assertThat(room.fenced()).as("all of ZooKeeper is away").isFalse();
        assertThat(room.registerMap().epoch()).isEqualTo(4);
        assertThat(center.members("room").list()).hasSize(1);

        zookeeper.restart();
        await().atMost(Duration.ofSeconds(60)).until(() -> room.trouble().isEmpty());
        publish(map(5, "register-1"));
        await().atMost(Duration.ofSeconds(60)).until(() -> room.registerMap().epoch() == 5);
        ZooKeeperCluster second = joined("room", "room-2");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> center.members("room").list().stream().anyMatch(m -> m.instance().equals("room-2")));
        assertThat(second.self().index()).isNotEqualTo(room.self().index());
    }

    @Test
    void tellsTheOthersWhichMapItUses() throws Exception {
        publish(map(4, "register-1"));
        ZooKeeperCluster room = joined("room", "room-1");
        ZooKeeperCluster keeper = joined("keeper", "keeper-1");
        await().until(() -> mapOf(keeper, room).equals("4"));

        publish(map(5, "register-1"));

        await().atMost(Duration.ofSeconds(60)).until(() -> mapOf(keeper, room).equals("5"));
    }

    private static String mapOf(ZooKeeperCluster seenBy, ZooKeeperCluster process) {
        return seenBy.members(process.self().part()).list().stream()
                .filter(member -> member.instance().equals(process.self().instance()))
                .map(member -> member.attributes().getOrDefault("map", "untold")).findFirst().orElse("unseen");
    }

    @Test
    void isFencedWhenCutOffWhileAPeerIsNot() throws Exception {
        ZooKeeperCluster register = joined("register", "register-1");
        var changes = new CopyOnWriteArrayList<Boolean>();
        register.onFence(changes::add);
        zookeeper.stop();
        await().atMost(Duration.ofSeconds(60)).until(() -> register.trouble().isPresent());

        register.heard(Stamp.newBuilder().setContactAgeMs(10).build());

        assertThat(register.fenced()).isTrue();
        await().until(() -> changes.equals(List.of(true)));
        zookeeper.restart();
        await().atMost(Duration.ofSeconds(60)).until(() -> changes.equals(List.of(true, false)));
    }

    @Test
    void isNotFencedByTheFirstPeerItHearsAfterItsStart() throws Exception {
        for (int i = 0; i < 20; i++) { // the connection may stand before anybody listens for it
            ZooKeeperCluster room = connect("room", "room-" + i, Duration.ofSeconds(20));
            room.enter(Optional.empty());
            room.heard(Stamp.newBuilder().setContactAgeMs(0).build());
            assertThat(room.fenced()).as("start " + i).isFalse();
        }
    }

    @Test
    void loadsTheMapAPeerHasShown() throws Exception {
        ZooKeeperCluster room = joined("room", "room-1");
        var seen = new CopyOnWriteArrayList<Long>();
        room.onRegisterMap(map -> seen.add(map.epoch()));
        assertThat(seen).containsExactly(0L);

        var waiting = room.atLeast(3);
        publish(map(3, "register-1"));
        room.heard(Stamp.newBuilder().setMapEpoch(3).build());

        assertThat(waiting.join().epoch()).isEqualTo(3);
        assertThat(room.registerMap().owner(0, 0)).extracting(SlotMap.Owner::instance).isEqualTo("register-1");
        publish(map(2, "register-2"));
        assertThatThrownBy(() -> room.atLeast(4).join()).isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(room.registerMap().epoch()).as("never backwards").isEqualTo(3);
    }

    @Test
    void startsFromDiskWithoutZooKeeper() throws Exception {
        ZooKeeperCluster first = joined("saver", "saver-1");
        publish(map(6, "register-1"));
        joined("room", "room-1");
        await().until(() -> first.registerMap().epoch() == 6 && first.members("room").list().size() == 1);
        first.close();
        zookeeper.stop();

        ZooKeeperCluster again = connect("saver", "saver-2", Duration.ofSeconds(30));
        again.enter(Optional.of(Duration.ofMillis(200)));
        again.join("127.0.0.1:1", "127.0.0.1:2");

        assertThat(again.registerMap().epoch()).isEqualTo(6);
        assertThat(again.members("room").list()).extracting(Member::instance).containsExactly("room-1");
        zookeeper.restart();
        await().atMost(Duration.ofSeconds(60)).until(() -> again.self().index() > 0);
    }

    @Test
    void publishesAttributesAndTheDrain() throws Exception {
        ZooKeeperCluster room = joined("room", "room-1");
        ZooKeeperCluster center = joined("center", "center-1");
        await().until(() -> center.members("room").list().size() == 1);

        for (int i = 0; i <= 50; i++) {
            room.publish(Map.of("sessions", Integer.toString(i)));
        }
        room.drain();

        await().until(() -> center.members("room").list().getFirst().draining());
        await().until(() -> "50".equals(center.members("room").list().getFirst().attributes().get("sessions")));
    }

    private void publish(SlotMap map) throws Exception {
        byte[] bytes = ClusterRecords.record(map, 1).toByteArray();
        other.create().orSetData().creatingParentsIfNeeded().forPath(ZooKeeperPaths.REGISTER_MAP, bytes);
    }

    private static SlotMap map(long epoch, String owner) {
        var owners = new short[Slots.COUNT * 2];
        owners[0] = 1;
        return new SlotMap(epoch, List.of(new SlotMap.Owner(owner, "127.0.0.1:1", "x")), owners);
    }

    private ZooKeeperCluster joined(String part, String instance) throws Exception {
        ZooKeeperCluster cluster = connect(part, instance, Duration.ofSeconds(20));
        cluster.enter(Optional.empty());
        cluster.join("127.0.0.1:1", "127.0.0.1:2");
        return cluster;
    }

    private ZooKeeperCluster connect(String part, String instance, Duration startWait) {
        var identity = new Identity(part, instance, "127.0.0.1", "x", zookeeper.getConnectString(), "test", SESSION,
                data.resolve(part + "-cluster.bin"), new ClusterConfig(startWait, Duration.ofHours(24)));
        ZooKeeperCluster cluster = ZooKeeperCluster.connect(identity, Clock.system(), metrics);
        open.add(cluster);
        return cluster;
    }
}
