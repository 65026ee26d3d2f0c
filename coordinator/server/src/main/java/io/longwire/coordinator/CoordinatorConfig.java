package io.longwire.coordinator;

import io.longwire.coordinator.callback.CallbackConfig;
import io.longwire.coordinator.channel.ChannelConfig;
import io.longwire.coordinator.keep.KeepConfig;
import io.longwire.coordinator.pace.PaceConfig;
import io.longwire.coordinator.presence.PresenceConfig;
import io.longwire.coordinator.redis.RedisConfig;
import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;

/**
 * What a coordinator is configured with, beside {@code service:}.
 *
 * @param bind address that consumers call
 * @param apiPort port of it; 0 = any free one
 * @param cacheTtl how long API keys are believed; a revoked key dies so late
 */
public record CoordinatorConfig(String bind, int apiPort, Duration cacheTtl, RedisConfig redis, KeepConfig keep,
        ChannelConfig channels, PresenceConfig presence, CallbackConfig callbacks, PaceConfig pace) {
    public static CoordinatorConfig read(ConfigNode node) {
        return new CoordinatorConfig(node.text("bind", "127.0.0.1"), node.integer("apiPort", 8082, 0, 65535),
                node.duration("cacheTtl", "5s", "1ms", "5s"), node.node("redis", RedisConfig::read),
                node.node("keep", KeepConfig::read), node.node("channels", ChannelConfig::read),
                node.node("presence", PresenceConfig::read), node.node("callbacks", CallbackConfig::read),
                node.node("pace", PaceConfig::read));
    }
}
