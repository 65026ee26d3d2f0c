package io.longwire.keeper.cluster;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Who a process is and where its cluster is found.
 *
 * @param instance unique per process start
 * @param zookeeper connect string
 * @param session ZooKeeper session asked for
 * @param cache file that keeps what was last known
 */
public record Identity(String part, String instance, String host, String idc, String zookeeper, String namespace,
        Duration session, Path cache, ClusterConfig config) {
}
