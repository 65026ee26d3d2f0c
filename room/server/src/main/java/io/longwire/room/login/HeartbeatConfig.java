package io.longwire.room.login;

import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;

/**
 * How often phones may ping.
 *
 * @param min the shortest gap a phone may learn
 * @param max the longest
 * @param hint where a phone starts that knows nothing of its network
 */
public record HeartbeatConfig(Duration min, Duration max, Duration hint) {
    /** Time a phone gets beyond 1.5 of its gaps. */
    private static final int GRACE_SECONDS = 30;

    public static HeartbeatConfig read(ConfigNode node) {
        node.about("""
                min  drain the shortest gap between pings that a phone may learn
                max  drain the longest gap between pings
                hint drain where a phone starts that knows nothing of its network
                """);
        var config = new HeartbeatConfig(node.duration("min", "30s", "1s", "10m"),
                node.duration("max", "30m", "10s", "4h"), node.duration("hint", "5m", "1s", "4h"));
        if (config.max.compareTo(config.min) < 0) {
            throw node.wrong("max", config.max, "at least min, " + config.min);
        }
        if (config.hint.compareTo(config.min) < 0 || config.hint.compareTo(config.max) > 0) {
            throw node.wrong("hint", config.hint, "from min to max");
        }
        return config;
    }

    /** The server's idle limit for a phone that pings so often; 0 = it did not say. */
    public int idleSeconds(int proposedSeconds) {
        long proposed = proposedSeconds <= 0
                ? hint.toSeconds()
                : Math.clamp(proposedSeconds, min.toSeconds(), max.toSeconds());
        return (int) (proposed * 3 / 2) + GRACE_SECONDS;
    }
}
