package io.longwire.bench.figure;

import io.longwire.bench.backend.Delivery;
import io.longwire.coordinator.client.consume.UplinkEvent;
import io.longwire.keeper.clock.Clock;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** What a product has of its events, each counted once, and how long each took from when it was due. Thread-safe. */
final class Taken {
    private static final long LONGEST_NANOS = 600_000_000_000L;

    private final Set<String> ids = new HashSet<>(); // guarded by this, as what follows
    private Histogram latency = new Histogram(LONGEST_NANOS, 3);
    private long atFirst;
    private long firstNanos;
    private long lastNanos;

    /** A request with events. */
    void take(Delivery got) {
        got.events().forEach(event -> take(event.id(), event.attempt(), ByteBuffer.wrap(event.body()).getLong(),
                got.nanos()));
    }

    /** An event of a stream. */
    void take(UplinkEvent event) {
        take(event.eventId(), event.attempt(), event.body().asReadOnlyByteBuffer().getLong(), Clock.system().nanos());
    }

    private synchronized void take(String id, int attempt, long dueNanos, long nanos) {
        if (!ids.add(id)) {
            return;
        }
        atFirst += attempt == 1 ? 1 : 0;
        firstNanos = firstNanos == 0 ? nanos : firstNanos;
        lastNanos = nanos;
        latency.recordValue(Math.clamp(nanos - dueNanos, 0, LONGEST_NANOS));
    }

    /** Forgets what came. */
    synchronized void reset() {
        ids.clear();
        latency = new Histogram(LONGEST_NANOS, 3);
        atFirst = 0;
        firstNanos = 0;
        lastNanos = 0;
    }

    synchronized long count() {
        return ids.size();
    }

    /** Those that were taken at their first attempt. */
    synchronized long atFirst() {
        return atFirst;
    }

    synchronized Histogram latency() {
        return latency.copy();
    }

    /** From the first to the last. */
    synchronized double seconds() {
        return (lastNanos - firstNanos) / 1e9;
    }

    /** Waits until there are so many; throws when they have not come within the time. */
    void await(long events, double seconds) {
        long end = Clock.system().nanos() + (long) (seconds * 1e9);
        while (count() < events) {
            if (Clock.system().nanos() - end > 0) {
                throw new IllegalStateException("events: " + count() + " came (expected: " + events + " within "
                        + seconds + " s)");
            }
            Settle.seconds(0.005);
        }
    }
}
