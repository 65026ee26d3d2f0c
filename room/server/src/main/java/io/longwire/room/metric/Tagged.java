package io.longwire.room.metric;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** One counter per constant of a closed set, looked up without boxing or hashing of texts. Thread-safe. */
public final class Tagged<E extends Enum<E>> {
    private final Map<E, Counter> counters;

    public Tagged(Metrics metrics, RoomMetric metric, String tag, Class<E> values) {
        counters = new EnumMap<>(values);
        for (E value : values.getEnumConstants()) {
            counters.put(value, metrics.counter(metric, tag, value.name().toLowerCase(Locale.ROOT)));
        }
    }

    public void increment(E value) {
        Counter counter = counters.get(value);
        if (counter != null) {
            counter.increment();
        }
    }

    public long count(E value) {
        Counter counter = counters.get(value);
        return counter == null ? 0 : counter.count();
    }
}
