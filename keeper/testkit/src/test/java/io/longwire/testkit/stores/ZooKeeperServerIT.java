package io.longwire.testkit.stores;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ZooKeeperServerIT {
    @TempDir
    Path directory;

    private final List<KeeperState> states = new CopyOnWriteArrayList<>();

    @Test
    void keepsNodesAndSessionsOverARestartOnTheSamePort() throws Exception {
        try (var server = ZooKeeperServer.start(ZooKeeperServer.Options.in(directory))) {
            try (var client = client(server, 30_000)) {
                client.zk().create("/map", "epoch 7".getBytes(UTF_8), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                client.zk().create("/member", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
                long session = client.zk().getSessionId();

                server.stop();
                assertThat(server.running()).isFalse();
                await(KeeperState.Disconnected);
                server.restart();

                Awaitility.await().until(() -> client.zk().getState().isConnected());
                assertThat(client.zk().getSessionId()).isEqualTo(session);
                assertThat(client.zk().exists("/member", false)).isNotNull();
                assertThat(new String(client.zk().getData("/map", false, null), UTF_8)).isEqualTo("epoch 7");
            }
        }
    }

    @Test
    void keepsNodesForTheNextHolderOfTheDirectory() throws Exception {
        try (var server = ZooKeeperServer.start(ZooKeeperServer.Options.in(directory));
                var client = client(server, 10_000)) {
            client.zk().create("/map", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        try (var server = ZooKeeperServer.start(ZooKeeperServer.Options.in(directory));
                var client = client(server, 10_000)) {
            assertThat(client.zk().exists("/map", false)).isNotNull();
        }
    }

    @Test
    void expiresTheSessionThatIsKilled() throws Exception {
        try (var server = ZooKeeperServer.start(ZooKeeperServer.Options.in(directory));
                var other = client(server, 10_000);
                var client = client(server, 10_000)) {
            client.zk().create("/member", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);

            server.killSession(client.zk().getSessionId());

            await(KeeperState.Expired);
            assertThat(other.zk().exists("/member", false)).isNull();
            assertThatThrownBy(() -> client.zk().exists("/member", false))
                    .isInstanceOf(KeeperException.SessionExpiredException.class);
        }
    }

    @Test
    void grantsSessionsOfTwoTicks() throws Exception {
        var options = ZooKeeperServer.Options.in(directory).tick(Duration.ofMillis(250));
        try (var server = ZooKeeperServer.start(options); var client = client(server, 400)) {
            assertThat(client.zk().getSessionTimeout()).isEqualTo(500);
        }
    }

    @Test
    void refusesADirectoryThatIsInUseAndAPortThatIsTaken(@TempDir Path other) {
        try (var server = ZooKeeperServer.start(ZooKeeperServer.Options.in(directory))) {
            assertThatThrownBy(() -> ZooKeeperServer.start(ZooKeeperServer.Options.in(directory)))
                    .isInstanceOf(StoreException.class).hasMessageContaining("is in use");
            var taken = ZooKeeperServer.Options.in(other).port(server.port());
            assertThatThrownBy(() -> ZooKeeperServer.start(taken)).isInstanceOf(StoreException.class)
                    .hasMessageContaining("zookeeper port: " + server.port());
        }
    }

    private record Client(ZooKeeper zk) implements AutoCloseable {
        @Override
        public void close() {
            try {
                zk.close();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Client client(ZooKeeperServer server, int timeoutMillis) throws IOException {
        var client = new ZooKeeper(server.connectString(), timeoutMillis, event -> states.add(event.getState()));
        Awaitility.await().until(() -> client.getState().isConnected());
        return new Client(client);
    }

    private void await(KeeperState state) {
        Awaitility.await().until(() -> states.contains(state));
    }
}
