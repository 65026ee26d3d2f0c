package io.longwire.coordinator;

import io.longwire.coordinator.callback.CallbackConfig;
import io.longwire.coordinator.channel.ChannelConfig;
import io.longwire.coordinator.keep.KeepConfig;
import io.longwire.coordinator.pace.PaceConfig;
import io.longwire.coordinator.presence.PresenceConfig;
import io.longwire.coordinator.receipt.ReceiptConfig;
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
        ChannelConfig channels, PresenceConfig presence, ReceiptConfig receipts,
        CallbackConfig callbacks, PaceConfig pace) { // allowed: what a coordinator can be told
    public static CoordinatorConfig read(ConfigNode node) {
        node.about("""
                bind      local address that consumers call
                apiPort   local port of it; 0 = any free one
                cacheTtl  drain how long API keys are believed; a revoked key dies so late
                redis     drain where events are kept
                keep      drain how much is kept, and how fast
                channels  drain how events go out
                presence  drain how presence is kept
                receipts  drain how receipts of messages become events
                callbacks drain how callbacks are sent
                pace      hot   how backends slow down broadcasts
                """);
        return new CoordinatorConfig(node.text("bind", "127.0.0.1"), node.integer("apiPort", 8082, 0, 65535),
                node.duration("cacheTtl", "5s", "1ms", "5s"), node.node("redis", RedisConfig::read),
                node.node("keep", KeepConfig::read), node.node("channels", ChannelConfig::read),
                node.node("presence", PresenceConfig::read), node.node("receipts", ReceiptConfig::read),
                node.node("callbacks", CallbackConfig::read), node.node("pace", PaceConfig::read));
    }
}
