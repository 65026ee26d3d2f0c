package io.longwire.coordinator.pace;

import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;

/**
 * When a backend has too much to do.
 *
 * @param slow requests that take longer than this, on the average of a second
 * @param queue events that waited longer than this before they were sent, on the average of a second, and ever longer
 * @param errors percent of a second's requests that failed
 * @param pushPace how long a Push-Pace of the backend stands after the answer it came with
 */
public record PaceConfig(Duration slow, Duration queue, int errors, Duration pushPace) {
    public static PaceConfig read(ConfigNode node) {
        node.about("""
                slow     hot requests that take longer than this, on the average of a second
                queue    hot events that waited longer than this before they were sent, and ever longer
                errors   hot percent of a second's requests that failed
                pushPace hot how long a Push-Pace of the backend stands after the answer it came with
                """);
        return new PaceConfig(node.duration("slow", "2s", "10ms", "1m"), node.duration("queue", "5s", "100ms", "10m"),
                node.integer("errors", 10, 1, 100), node.duration("pushPace", "10s", "1s", "5m"));
    }
}
