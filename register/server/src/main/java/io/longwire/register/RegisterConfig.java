package io.longwire.register;

import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;

/**
 * A register's own configuration.
 *
 * @param maxSessions bound of the table; 40 bytes of native memory each when reached, beyond it puts answer FULL
 * @param completeAfter how long after a slot was gained absence counts as offline without every room's flush
 * @param handOver how long a drain waits for the slots to be given to others
 */
public record RegisterConfig(long maxSessions, Duration completeAfter, Duration handOver) {
    public static RegisterConfig read(ConfigNode node) {
        node.about("""
                maxSessions   hot bound of the table; 40 bytes of native memory each when reached
                completeAfter hot how long after a slot's gain absence counts as offline unflushed
                handOver      hot how long a drain waits for the slots to be given to others
                """);
        return new RegisterConfig(node.whole("maxSessions", 50_000_000, 1_000, 1_000_000_000),
                node.duration("completeAfter", "30s", "1s", "10m"), node.duration("handOver", "5s", "0", "5m"));
    }
}
