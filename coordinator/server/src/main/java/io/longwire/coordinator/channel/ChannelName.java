package io.longwire.coordinator.channel;

import io.longwire.coordinator.redis.Keys;

/** A channel: all events of one type of one app, once for each channel. */
public record ChannelName(int app, String type, String channel) {
    /** The channel of a type's callback; consumers cannot have one of this name. */
    public static final String CALLBACK = "$callback";

    /** {@code app:type:channel}, as the scripts publish it. */
    String text() {
        return Keys.kind(app, type) + ":" + channel;
    }

    /** {@code type:channel}. */
    String ofApp() {
        return type + ":" + channel;
    }

    /** {@code app:type}. */
    String kind() {
        return Keys.kind(app, type);
    }
}
