package io.longwire.keeper.cluster;

import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;

/**
 * What the configuration of every part has under {@code service.cluster:}.
 *
 * @param startWait how long a start waits for ZooKeeper before it gives up
 * @param indexReuse how long an index rests after its holder was last seen; shortened by tests alone
 */
public record ClusterConfig(Duration startWait, Duration indexReuse) {
    public static ClusterConfig read(ConfigNode node) {
        node.about("""
                startWait  local how long a start waits for ZooKeeper before it gives up
                indexReuse local how long an index rests after its holder was last seen
                """);
        return new ClusterConfig(node.duration("startWait", "30m", "100ms", "30d"),
                node.duration("indexReuse", "24h", "1s", "30d"));
    }
}
