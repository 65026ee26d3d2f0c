package io.longwire.bench.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often each broadcast came since the last reset: to how many endpoints, how often again, first and last when.
 * Owned by one loop.
 */
final class BroadcastTally {
    private final Map<Long, Line> lines = new TreeMap<>();
    private long lastSequence;
    private Line last = new Line(); // of lastSequence; one broadcast comes to many, one after the other

    /** One broadcast. */
    private static final class Line {
        private long received;
        private long duplicates;
        private long firstNanos = Long.MAX_VALUE;
        private long lastNanos = Long.MIN_VALUE;

        private void add(Line other) {
            received += other.received;
            duplicates += other.duplicates;
            firstNanos = Math.min(firstNanos, other.firstNanos);
            lastNanos = Math.max(lastNanos, other.lastNanos);
        }

        private void writeTo(ObjectNode json, long expected) {
            json.put("received", received).put("duplicates", duplicates).put("missing", expected - received)
                    .put("firstNanos", received == 0 ? 0 : firstNanos).put("lastNanos", received == 0 ? 0 : lastNanos);
        }
    }

    void reset() {
        lines.clear();
        lastSequence = 0;
    }

    /**
     * It came to an endpoint.
     *
     * @param isNew whether that endpoint had not had it
     */
    void came(long sequence, boolean isNew, long nanos) {
        if (sequence != lastSequence) {
            last = line(sequence);
            lastSequence = sequence;
        }
        if (isNew) {
            last.received++;
            last.firstNanos = Math.min(last.firstNanos, nanos);
            last.lastNanos = Math.max(last.lastNanos, nanos);
        } else {
            last.duplicates++;
        }
    }

    /** To how many endpoints it came. */
    long received(long sequence) {
        Line line = lines.get(sequence);
        return line == null ? 0 : line.received;
    }

    /** How often it came to an endpoint that had it. */
    long duplicates(long sequence) {
        Line line = lines.get(sequence);
        return line == null ? 0 : line.duplicates;
    }

    void add(BroadcastTally other) {
        other.lines.forEach((sequence, line) -> line(sequence).add(line));
    }

    private Line line(long sequence) {
        return lines.computeIfAbsent(sequence, _ -> new Line());
    }

    /** @param expected endpoints it should come to: those that are missing are told */
    void writeTo(ObjectNode json, long sequence, long expected) {
        lines.getOrDefault(sequence, new Line()).writeTo(json.put("broadcast", sequence), expected);
    }
}
