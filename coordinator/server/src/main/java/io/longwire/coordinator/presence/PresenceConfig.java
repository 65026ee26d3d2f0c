package io.longwire.coordinator.presence;

import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;

/**
 * How presence is kept.
 *
 * @param share percent of {@code keep.bytesPerApp} that the presence of an app may hold; above it events are dropped
 *        and told as one resync
 * @param roomGrace a room that is not among the members for so long is told gone: the time its phones have to come back
 *        elsewhere
 */
public record PresenceConfig(int share, Duration roomGrace) {
    public static PresenceConfig read(ConfigNode node) {
        node.about("""
                share     drain percent of keep.bytesPerApp that the presence of an app may hold
                roomGrace hot   a room that is not among the members for so long is told gone
                """);
        return new PresenceConfig(node.integer("share", 25, 1, 100), node.duration("roomGrace", "30s", "1s", "10m"));
    }
}
