package io.longwire.coordinator.channel;

import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;

/**
 * How events go out.
 *
 * @param channelsPerType channels of one type of one app
 * @param maxAttempts an event that was given out so often and never finished becomes a dead letter
 * @param deadLetters kept for each channel in each of the 64 partitions; the oldest go first
 * @param inFlight how long a consumer has for an event, unless it says another time
 * @param lease how long a partition stays with a coordinator that is silent
 * @param maxTakers pull streams and polls of this process
 * @param deadBytesPerApp what the dead letters of one app may hold together, beside {@code keep.bytesPerApp}; each of
 *        the 64 partitions has an equal share
 */
public record ChannelConfig(int channelsPerType, int maxAttempts, int deadLetters, Duration inFlight, Duration lease,
        int maxTakers, long deadBytesPerApp) {
    public static ChannelConfig read(ConfigNode node) {
        node.about("""
                deadBytesPerApp hot   what the dead letters of one app may hold together
                channelsPerType hot   channels of one type of one app
                maxAttempts     hot   an event given out so often and never finished becomes a dead letter
                deadLetters     hot   kept for each channel in each of the 64 partitions; the oldest go first
                inFlight        hot   how long a consumer has for an event, unless it says another time
                lease           drain how long a partition stays with a coordinator that is silent
                maxTakers       hot   pull streams and polls of this process
                """);
        return new ChannelConfig(node.integer("channelsPerType", 16, 1, 100), node.integer("maxAttempts", 10, 1, 1_000),
                node.integer("deadLetters", 200, 1, 100_000), node.duration("inFlight", "60s", "1s", "15m"),
                node.duration("lease", "9s", "500ms", "1m"), node.integer("maxTakers", 5_000, 1, 100_000),
                node.bytes("deadBytesPerApp", "64MB", "64KB", "64GB"));
    }
}
