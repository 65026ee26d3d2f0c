package io.longwire.room.accept;

import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;

/**
 * How much the room takes on.
 *
 * @param perSecond accepts a second, all listeners together
 * @param rampUp after the start it begins with a fifth of that and grows to it
 * @param connections open at once; keep it below the descriptors a process may have
 * @param logins under way at once
 */
public record AcceptConfig(int perSecond, Duration rampUp, int connections, int logins) {
    public static AcceptConfig read(ConfigNode node) {
        node.about("""
                perSecond   hot     accepts a second, all listeners together
                rampUp      restart after the start it begins with a fifth of that and grows to it
                connections hot     open at once; keep it below the descriptors a process may have
                logins      hot     logins under way at once
                """);
        return new AcceptConfig(node.integer("perSecond", 5_000, 1, 1_000_000),
                node.duration("rampUp", "10s", "0", "10m"), node.integer("connections", 1_000_000, 1, 16_000_000),
                node.integer("logins", 4_000, 1, 1_000_000));
    }
}
