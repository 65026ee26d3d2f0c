package io.longwire.coordinator.keep;

import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;

/**
 * How much is kept, and how fast.
 *
 * @param bytesPerApp what the events of one app may hold together; each of the 64 partitions has an equal share
 * @param typesPerApp types of events of one app
 * @param maxAge an event that not every channel has finished goes after this time
 * @param endpointPerSecond uplinks of one endpoint, retries too, with a burst of five seconds' worth; above the rooms'
 *        own limit
 * @param appPerSecond uplinks of one app over all coordinators, with a burst of a second's worth
 * @param maxInFlight uplinks that may wait for Redis here: so few that they are answered well within its timeout, since
 *        what is slower than that looks like a dead node
 */
public record KeepConfig(long bytesPerApp, int typesPerApp, Duration maxAge, int endpointPerSecond, int appPerSecond,
        int maxInFlight) {
    public static KeepConfig read(ConfigNode node) {
        node.about("""
                bytesPerApp       drain what the events of one app may hold, 1/64 of it in each partition
                typesPerApp       drain types of events of one app
                maxAge            hot   an event that not every channel has finished goes after this time
                endpointPerSecond hot   uplinks of one endpoint, retries too; bursts of five seconds' worth
                appPerSecond      hot   uplinks of one app over all coordinators; bursts of a second's worth
                maxInFlight       hot   uplinks that may wait for Redis here
                """);
        return new KeepConfig(node.bytes("bytesPerApp", "512MB", "64KB", "1024GB"),
                node.integer("typesPerApp", 64, 1, 1_000), node.duration("maxAge", "3d", "1s", "30d"),
                node.integer("endpointPerSecond", 20, 1, 10_000),
                node.integer("appPerSecond", 10_000, 1, 10_000_000),
                node.integer("maxInFlight", 4_000, 100, 1_000_000));
    }
}
