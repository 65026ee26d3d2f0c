package io.longwire.saver.inbox;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.saver.SaverConfig;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.testkit.config.RunningConfig;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.Stores;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

final class RedisTimeoutIT {
    private static final Clock CLOCK = Clock.system();

    @Test
    void givesCommandsTheTimeThatHoldsWhenTheyAreWrittenOnAConnectionThatStands() {
        RedisServer redis = Stores.shared().freshRedis();
        var config = new RunningConfig<>("{shards: [{url: 'jdbc:mysql://db/longwire'}], redis: {nodes: ['127.0.0.1:"
                + redis.port() + "'], timeout: 5s}}", SaverConfig::read);
        try (var metrics = new PrometheusMetrics();
                var nodes = new RedisNodes(config.live(SaverConfig::redis).get(),
                        config.live((SaverConfig now) -> now.redis().timeout()), CLOCK, metrics)) {
            RedisSession session = await().until(() -> nodes.session(0), found -> found != null);

            assertThat(config.lay("redis: {timeout: 100ms}")).isEmpty();
            assertThat(config.lay("redis: {timeout: 1ms}")).hasValueSatisfying(why -> assertThat(why)
                    .contains("redis.timeout: 1ms (expected: a duration from 20ms to 5s"));
            assertThat(config.waiting()).isEmpty();
            redis.freeze();
            long began = CLOCK.nanos();
            CompletableFuture<String> ping = session.command(commands -> commands.ping());

            assertThatThrownBy(() -> ping.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreFailure.class);
            assertThat(Duration.ofNanos(CLOCK.nanos() - began)).isBetween(Duration.ofMillis(90), Duration.ofSeconds(4));
        } finally {
            redis.revive();
        }
    }
}
