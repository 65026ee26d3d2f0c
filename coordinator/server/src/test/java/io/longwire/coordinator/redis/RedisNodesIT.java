package io.longwire.coordinator.redis;

import io.lettuce.core.RedisClient;
import io.longwire.keeper.clock.Clock;
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
        var config = new RedisConfig(List.of("127.0.0.1:" + redis.port()), "", "", Duration.ofSeconds(5), 20_000, 0,
                Duration.ofMillis(200));
        try (var metrics = new PrometheusMetrics()) {
            for (int round = 0; round < ROUNDS; round++) {
                try (var nodes = new RedisNodes(config, Clock.system(), metrics)) {
                    nodes.listen((channel, message) -> {
                    });
                    LockSupport.parkNanos(round * STEP_NANOS);
                }
            }
        }
        try (var client = RedisClient.create(redis.uri()); var asking = client.connect()) {
            await().untilAsserted(() -> assertThat(asking.sync().clientList().lines()).hasSize(1));
        }
    }
}
