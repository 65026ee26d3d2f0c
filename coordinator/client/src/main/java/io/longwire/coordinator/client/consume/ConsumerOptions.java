package io.longwire.coordinator.client.consume;

import java.time.Duration;
import java.util.List;

/**
 * What to consume, from where.
 *
 * @param addresses host:port of coordinators, perhaps with http:// or https:// in front; streams go to them in turn
 * @param key API key with the scope {@code receive}
 * @param type of events
 * @param channel made by the first who asks for it; each channel gets every event
 * @param name of this consumer, for people
 * @param streams how many pull streams
 * @param rdy how many events each may have in flight, 1 to 2,500
 * @param inFlight how long the handler has for an event; zero = the server's time
 */
public record ConsumerOptions(List<String> addresses, String key, String type, String channel, String name,
        int streams, int rdy, Duration inFlight) { // allowed: a record of options with a short form
    public ConsumerOptions {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty() || streams < 1 || rdy < 1 || rdy > 2_500) {
            throw new IllegalArgumentException("addresses, streams, rdy: " + addresses.size() + ", " + streams + ", "
                    + rdy + " (expected: 1 or more, 1 or more, 1 to 2500)");
        }
    }

    /** One stream, 100 in flight. */
    public static ConsumerOptions of(List<String> addresses, String key, String type, String channel) {
        return new ConsumerOptions(addresses, key, type, channel, "", 1, 100, Duration.ZERO);
    }

    public ConsumerOptions rdy(int most) {
        return new ConsumerOptions(addresses, key, type, channel, name, streams, most, inFlight);
    }

    public ConsumerOptions inFlight(Duration time) {
        return new ConsumerOptions(addresses, key, type, channel, name, streams, rdy, time);
    }
}
