package io.longwire.saver;

import io.longwire.keeper.config.ConfigNode;
import io.longwire.saver.due.DueConfig;
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
 * @param due how fast what is due is looked at
 */
public record SaverConfig(List<ShardConfig> shards, RedisConfig redis, Duration startWait, int coldCalls,
        DueConfig due) {
    public static SaverConfig read(ConfigNode node) {
        node.about("""
                shards    drain   the ledger databases; their order is their number in the shard map
                redis     drain   where the inboxes are
                startWait restart how long a start waits for the stores before it goes on without, retrying
                coldCalls hot     blocking questions answered at once
                due       hot     how fast what is due is looked at
                """);
        List<ShardConfig> shards = node.nodes("shards", ShardConfig::read);
        if (shards.isEmpty()) {
            throw node.wrong("shards", "[]", "at least one of url, user, password");
        }
        return new SaverConfig(shards, node.node("redis", RedisConfig::read),
                node.duration("startWait", "10s", "0", "5m"), node.integer("coldCalls", 8, 1, 64),
                node.node("due", DueConfig::read));
    }
}
