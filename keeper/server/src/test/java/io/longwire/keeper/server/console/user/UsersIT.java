package io.longwire.keeper.server.console.user;

import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Users on a real ZooKeeper, changed by two at once. */
final class UsersIT {
    @TempDir
    private static Path data;
    private static ZooKeeperServer zookeeper;
    private static CuratorFramework client;
    private static Users users;

    @BeforeAll
    static void start() {
        zookeeper = ZooKeeperServer.start(ZooKeeperServer.Options.in(data.resolve("zookeeper")));
        client = ZooKeeperClient.connect(zookeeper.connectString(), "longwire", Duration.ofSeconds(10));
        users = new Users(client);
    }

    @AfterAll
    static void stop() {
        client.close();
        zookeeper.close();
    }

    @Test
    void aPasswordSetMeanwhileDoesNotUndoADemotion() {
        users.add(new User("olga", Role.OWNER, "old", 1));
        var once = new AtomicBoolean();

        User changed = users.change("olga", user -> {
            if (once.compareAndSet(false, true)) {
                users.change("olga", seen -> seen.in(Role.VIEWER, 5));
            }
            return user.with("new", 5);
        }).orElseThrow();

        assertThat(changed.role()).isEqualTo(Role.VIEWER);
        assertThat(users.find("olga")).contains(new User("olga", Role.VIEWER, "new", 6));
    }

    @Test
    void aRoleGivenMeanwhileDoesNotBringAnOldPasswordBack() {
        users.add(new User("piet", Role.VIEWER, "leaked", 1));
        var once = new AtomicBoolean();

        users.change("piet", user -> {
            if (once.compareAndSet(false, true)) {
                users.change("piet", seen -> seen.with("reset", 5));
            }
            return user.in(Role.OPERATOR, 5);
        });

        assertThat(users.find("piet")).contains(new User("piet", Role.OPERATOR, "reset", 6));
    }

    @Test
    void changesNobodyWhoIsNotThereAndNothingWhenRefused() {
        assertThat(users.change("nobody", user -> user.in(Role.OWNER, 5))).isEmpty();
        assertThat(users.change("../x", user -> user)).isEmpty();
        users.add(new User("rik", Role.VIEWER, "kept", 1));
        assertThatThrownBy(() -> users.change("rik", _ -> {
            throw new IllegalStateException("no");
        })).hasMessage("no");
        assertThat(users.find("rik")).contains(new User("rik", Role.VIEWER, "kept", 1));
    }
}
