package io.longwire.room.uplink;

import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;

/**
 * The bounds of uplinks.
 *
 * @param bytes under way to coordinators, each counted with {@link #OVERHEAD_BYTES} on top of its body; of the room,
 *        or the share of a loop
 * @param perSecond of one endpoint, after {@link #BURST_SECONDS} seconds' worth at once
 */
public record UplinkLimits(int bytes, int perSecond) {
    /** What an uplink under way costs beside its body. */
    static final int OVERHEAD_BYTES = 512;
    static final int BURST_SECONDS = 5;

    private static final int SECOND_MILLIS = 1000;

    public static UplinkLimits read(ConfigNode node) {
        node.about("""
                underWay  drain bytes that no coordinator has answered yet
                perSecond drain uplinks of one endpoint in a second
                """);
        return new UplinkLimits((int) node.bytes("underWay", "32MB", "64KB", "1GB"),
                node.integer("perSecond", 10, 1, SECOND_MILLIS));
    }

    /** The share of one of so many loops; never less than what the largest uplink needs. */
    public UplinkLimits share(int loops) {
        return new UplinkLimits(Math.max(1 << 16, bytes / loops), perSecond);
    }

    int burst() {
        return BURST_SECONDS * perSecond;
    }

    Duration step() {
        return Duration.ofMillis(SECOND_MILLIS / perSecond);
    }
}
