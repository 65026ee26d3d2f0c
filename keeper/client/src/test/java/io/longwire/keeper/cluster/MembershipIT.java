package io.longwire.keeper.cluster;

import io.longwire.keeper.clock.TestClock;
import io.longwire.rpc.cluster.MemberRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A process's node over an outage of ZooKeeper that its session survives. */
final class MembershipIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestClock clock = new TestClock();
    private final ClusterThreads threads = new ClusterThreads("room");
    private TestingServer zookeeper;
    private CuratorFramework client;
    private Membership membership;

    @BeforeEach
    void start() throws Exception {
        zookeeper = new TestingServer();
        var session = Duration.ofSeconds(30);
        client = ZooKeeperClient.connect(zookeeper.getConnectString(), "test", session);
        var self = new Member("room", "room-1", 0, "127.0.0.1", "x", "", "", 0, false, Map.of());
        var lease = new IndexLease(client, "room", "room-1", Duration.ofHours(24), clock);
        membership = new Membership(client, self, lease, new Fence(session), threads, clock, _ -> {
        });
        threads.workNow("an index", membership::lease, PATIENCE);
        membership.join("127.0.0.1:1", "127.0.0.1:2", PATIENCE);
    }

    @AfterEach
    void stop() throws IOException {
        threads.close();
        client.close();
        zookeeper.close();
    }

    @Test
    void tellsWhatItCouldNotTellWhileZooKeeperWasAway() throws Exception {
        membership.publish(Map.of("config", "6"));
        written();
        assertThat(node().getAttributesMap()).containsEntry("config", "6");
        long session = client.getZookeeperClient().getZooKeeper().getSessionId();

        zookeeper.stop();
        membership.publish(Map.of("config", "7"));
        written(); // or rather not
        assertThat(membership.owes()).isTrue();
        zookeeper.restart();
        assertThat(client.blockUntilConnected((int) PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        threads.workNow("standing", membership::stand, PATIENCE);

        assertThat(client.getZookeeperClient().getZooKeeper().getSessionId()).isEqualTo(session);
        assertThat(node().getAttributesMap()).containsEntry("config", "7");
        assertThat(membership.owes()).isFalse();
    }

    // The write has been tried: what comes after it on the same thread is over.
    private void written() {
        clock.advance(Duration.ofSeconds(1));
        threads.workNow("waiting for the write", () -> {
        }, PATIENCE);
    }

    private MemberRecord node() throws Exception {
        return MemberRecord.parseFrom(client.getData().forPath(membership.path()));
    }
}
