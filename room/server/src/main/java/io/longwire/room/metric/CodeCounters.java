package io.longwire.room.metric;

import io.longwire.device.Code;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import org.jspecify.annotations.Nullable;

/** A counter per code of the device protocol, found by its number. Owner: one thread. */
public final class CodeCounters {
    private static final int CODES = 128;

    private final Metrics metrics;
    private final RoomMetric metric;
    private final @Nullable Counter[] counters = new @Nullable Counter[CODES];

    public CodeCounters(Metrics metrics, RoomMetric metric) {
        this.metrics = metrics;
        this.metric = metric;
    }

    public void increment(int code) {
        int at = code >= 0 && code < CODES ? code : Code.INTERNAL;
        Counter counter = counters[at];
        if (counter == null) {
            counter = metrics.counter(metric, "code", Code.name(at));
            counters[at] = counter;
        }
        counter.increment();
    }
}
