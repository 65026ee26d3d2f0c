package io.longwire.coordinator.channel;

import io.longwire.coordinator.client.Partitions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Which event, as consumers name it: {@code 7-1764438414000-0}. Its partition, and its id in the stream there, so that
 * any coordinator finds it without having given it out. The id is counted by partition, not by stream ({@code
 * append.lua}): no two events have one, of whatever app and type.
 */
public record EventId(int partition, String stream) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,2})-(\\d{1,15}-\\d{1,15})");

    /** Null if it is none. */
    public static @Nullable EventId parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(1)) >= Partitions.COUNT) {
            return null;
        }
        return new EventId(Integer.parseInt(parts.group(1)), parts.group(2));
    }

    /** When it was kept. */
    public long millis() {
        return Long.parseLong(stream.substring(0, stream.indexOf('-')));
    }

    public String text() {
        return partition + "-" + stream;
    }
}
