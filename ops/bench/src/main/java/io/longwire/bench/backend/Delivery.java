package io.longwire.bench.backend;

import java.util.List;

/**
 * A request with events, as it came to a backend.
 *
 * @param attempt of its oldest event
 * @param nanos of {@code Clock.system()}, when all of it was there
 */
public record Delivery(int app, int partition, int attempt, List<Event> events, long nanos) {
    public Delivery {
        events = List.copyOf(events);
    }

    /** One of its events. */
    public record Event(String id, String endpoint, long seq, int attempt, byte[] body) {
    }
}
