package io.longwire.saver;

import io.longwire.keeper.config.ConfigNode;
import io.longwire.saver.inbox.RedisConfig;
import io.longwire.saver.ledger.ShardConfig;
import java.time.Duration;
import java.util.List;

/**
 * What the saver is configured with, beside {@code service:}.
 *
 * @param shards the ledger databases; their order is their number in the published shard map
 * @param startWait how long a start waits for the stores before it goes on without, retrying
 * @param coldCalls blocking questions answered at once
 */
public record SaverConfig(List<ShardConfig> shards, RedisConfig redis, Duration startWait, int coldCalls) {
    public static SaverConfig read(ConfigNode node) {
        node.about("""
                shards    drain   the ledger databases; their order is their number in the shard map
                redis     drain   where the inboxes are
                startWait restart how long a start waits for the stores before it goes on without, retrying
                coldCalls drain   blocking questions answered at once
                """);
        List<ShardConfig> shards = node.nodes("shards", ShardConfig::read);
        if (shards.isEmpty()) {
            throw node.wrong("shards", "[]", "at least one of url, user, password");
        }
        return new SaverConfig(shards, node.node("redis", RedisConfig::read),
                node.duration("startWait", "10s", "0", "5m"), node.integer("coldCalls", 8, 1, 64));
    }
}
