package io.longwire.saver.inbox;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.protocol.CommandType;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.testkit.stores.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The connections to a Redis that nobody else uses. */
final class RedisNodesIT {
    private static final int ROUNDS = 60;
    private static final long STEP_NANOS = 250_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @TempDir
    private Path directory = Path.of("");
    private RedisServer redis;

    @BeforeEach
    void start() {
        redis = RedisServer.start(RedisServer.Options.in(directory));
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    // One that is made while the loops end, and that nobody closes, would hold its buffer and its socket for good.
    @Test
    void leavesNoConnectionOpenWhenItIsClosedWhileItConnects() {
        var config = new RedisConfig(List.of("127.0.0.1:" + redis.port()), false, "", "", TIMEOUT, 20_000);
        try (var metrics = new PrometheusMetrics()) {
            for (int round = 0; round < ROUNDS; round++) {
                try (var nodes = new RedisNodes(config, Live.fixed(TIMEOUT), Clock.system(), metrics)) {
                    LockSupport.parkNanos(round * STEP_NANOS);
                    assertThat(nodes.addresses()).hasSize(1);
                }
            }
        }
        try (var client = RedisClient.create(redis.uri()); var asking = client.connect()) {
            await().untilAsserted(() -> assertThat(asking.sync().clientList().lines()).hasSize(1));
        }
    }

    @Test
    void leavesNoFurtherConnectionOpenThatCouldNotBeChecked() {
        var config = new RedisConfig(List.of("127.0.0.1:" + redis.port()), false, "", "", TIMEOUT, 20_000);
        try (var client = RedisClient.create(redis.uri());
                var asking = client.connect();
                var metrics = new PrometheusMetrics();
                var nodes = new RedisNodes(config, Live.fixed(TIMEOUT), Clock.system(), metrics)) {
            RedisSession session = await().until(() -> nodes.session(0), found -> found != null);
            asking.sync().aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.INFO));
            try {
                await().until(() -> session.lane() == null && !session.open());
            } finally {
                asking.sync().aclSetuser("default", AclSetuserArgs.Builder.addCommand(CommandType.INFO));
            }

            await().until(() -> nodes.session(0) != null);
            await().untilAsserted(() -> assertThat(asking.sync().clientList().lines()).hasSize(2));
        }
    }
}
