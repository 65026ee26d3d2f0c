package io.longwire.coordinator.callback;

import io.longwire.coordinator.channel.Given;
import java.util.ArrayList;
import java.util.List;

/** Events of one partition that go in one request, in their order. Owned by the loop; not changed once it is sent. */
final class Batch {
    final int partition;
    final int begun;
    final long sinceNanos;
    final List<Given> events = new ArrayList<>();
    int bytes;
    /** What the answer asked for; written before the verdict is there, read after. */
    String pushPace = "";

    /** @param begun the breaker's word */
    Batch(int partition, int begun, long sinceNanos) {
        this.partition = partition;
        this.begun = begun;
        this.sinceNanos = sinceNanos;
    }

    void add(Given event) {
        events.add(event);
        bytes += event.value().length;
    }

    int attempt() {
        return events.getFirst().attempt();
    }
}
