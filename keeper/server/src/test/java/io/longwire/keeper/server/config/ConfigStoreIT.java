package io.longwire.keeper.server.config;

import io.longwire.rpc.keeper.ConfigState;
import io.longwire.rpc.keeper.Rollout;
import io.longwire.rpc.keeper.Watched;
import io.longwire.rpc.keeper.WatchedRollout;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What a keeper writes when another one, or its own lost answer, was faster. */
final class ConfigStoreIT {
    @TempDir
    private Path data;
    private ZooKeeperServer server;
    private CuratorFramework zookeeper;
    private ConfigStore store;

    @BeforeEach
    void start() throws IOException {
        server = ZooKeeperServer.start(ZooKeeperServer.Options.in(data));
        zookeeper = CuratorFrameworkFactory.newClient(server.connectString(), new RetryOneTime(100));
        zookeeper.start();
        store = new ConfigStore(zookeeper);
    }

    @AfterEach
    void stop() throws Exception {
        zookeeper.close();
        server.close();
    }

    @Test
    void doesNotChangeTwiceIfTheAnswerWasLost() {
        store.change("room", state -> state.toBuilder().setInForce(5).build());
        var asked = new AtomicInteger();

        ConfigState after = store.change("room", state -> {
            ConfigState less = state.toBuilder().setInForce(state.getInForce() - 1).build();
            if (asked.incrementAndGet() == 1) { // what the same write does whose answer does not come
                store.change("room", _ -> less);
            }
            return less;
        });

        assertThat(asked).hasValue(1);
        assertThat(after.getInForce()).isEqualTo(4);
        assertThat(store.state("room").getInForce()).isEqualTo(4);
    }

    @Test
    void writesWhatIsWatchedWithItsStateOrNotAtAll() {
        store.change("room", state -> state.toBuilder().setRollout(rollout(1)).build());
        store.change("room", state -> state.toBuilder().setRollout(rollout(2)).build(), watched("first"));
        assertThat(store.watched("room").getWatched(0).getInstance()).isEqualTo("first");
        var asked = new AtomicInteger();

        store.change("room", state -> { // one that slept between looking and writing
            if (asked.incrementAndGet() == 1) {
                store.change("room", now -> now.toBuilder().setRollout(rollout(3)).build(), watched("second"));
            }
            return state.getRollout().getStep() == 2 ? state.toBuilder().setRollout(rollout(9)).build() : state;
        }, watched("late"));

        assertThat(asked).hasValue(2);
        assertThat(store.state("room").getRollout().getStep()).isEqualTo(3);
        assertThat(store.watched("room").getWatched(0).getInstance()).isEqualTo("second");
    }

    private static Rollout rollout(int step) {
        return Rollout.newBuilder().setNumber(1).setStep(step).build();
    }

    private static WatchedRollout watched(String name) {
        return WatchedRollout.newBuilder().setNumber(1).addWatched(Watched.newBuilder().setInstance(name)).build();
    }
}
