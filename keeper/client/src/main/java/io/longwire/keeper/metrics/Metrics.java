package io.longwire.keeper.metrics;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Registers the metrics of one service. Thread-safe; a metric asked for twice is the same one. */
public interface Metrics {
    Counter counter(Metric metric);

    /** A counter per reason; the reasons are a closed set of the caller. */
    Counter counter(Metric metric, String tag, String value);

    void gauge(Metric metric, LongSupplier value);

    Timer timer(Metric metric);

    /** Has a bound shown beside what it bounds: in the platform's status, and as a gauge of its own. */
    default void bound(Bound bound) {
        // what only counts shows none
    }

    /** A count that only grows. */
    interface Counter {
        void add(long n);

        default void increment() {
            add(1);
        }

        long count();
    }

    /** A distribution of times. */
    interface Timer {
        void record(Duration taken);
    }
}
