package io.longwire.coordinator.consume;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.channel.EventId;
import java.time.Duration;
import java.util.regex.Pattern;

/** What consumers may ask for; throws INVALID_ARGUMENT. Static, pure. */
final class ConsumerRules {
    static final int MAX_RDY = 2_500;
    static final int MAX_DELAY_MILLIS = 3_600_000;
    static final int MAX_WAIT_MILLIS = 30_000;

    private static final int MIN_FLIGHT_MILLIS = 1_000;
    private static final int MAX_FLIGHT_MILLIS = 900_000;
    private static final Pattern CHANNEL = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern TYPE = Pattern.compile("\\$?[A-Za-z0-9._-]{1,64}");

    private ConsumerRules() {
    }

    static String type(String type) {
        if (!TYPE.matcher(type).matches()) {
            throw invalid("type", type, "1 to 64 of A-Z a-z 0-9 . _ -");
        }
        return type;
    }

    static String channel(String channel) {
        if (!CHANNEL.matcher(channel).matches()) {
            throw invalid("channel", channel, "1 to 64 of A-Z a-z 0-9 . _ -");
        }
        return channel;
    }

    /** The same, or a callback's. */
    static String anyChannel(String channel) {
        return channel.equals(ChannelName.CALLBACK) ? channel : channel(channel);
    }

    /** 0 = the usual time. */
    static Duration inFlight(int millis, Duration usual) {
        if (millis == 0) {
            return usual;
        }
        if (millis < MIN_FLIGHT_MILLIS || millis > MAX_FLIGHT_MILLIS) {
            throw invalid("in_flight_ms", Integer.toUnsignedString(millis),
                    MIN_FLIGHT_MILLIS + " to " + MAX_FLIGHT_MILLIS);
        }
        return Duration.ofMillis(millis);
    }

    static int between(String name, int value, int most) {
        if (value < 0 || value > most) {
            throw invalid(name, Integer.toUnsignedString(value), "0 to " + most);
        }
        return value;
    }

    /** The number asked for; 0 = the usual one. */
    static int limit(int asked, int usual, int most) {
        return asked == 0 ? usual : between("limit", asked, most);
    }

    static EventId event(String text) {
        EventId id = EventId.parse(text);
        if (id == null) {
            throw invalid("event_id", text, "the event_id of an event");
        }
        return id;
    }

    static StatusRuntimeException invalid(String name, String value, String rule) {
        String shown = value.length() > 64 ? value.length() + " characters" : value.replaceAll("[^ -~]", "?");
        return Status.INVALID_ARGUMENT.withDescription(name + ": " + shown + " (expected: " + rule + ")")
                .asRuntimeException();
    }
}
