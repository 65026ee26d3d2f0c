package io.longwire.e2e.order;

import io.longwire.keeper.metrics.Metric;
import io.longwire.keeper.metrics.Metrics;
import java.util.function.LongSupplier;

/** Metrics that nobody reads. */
final class Silence implements Metrics {
    private static final Counter NONE = new Counter() {
        @Override
        public void add(long n) {
        }

        @Override
        public long count() {
            return 0;
        }
    };

    @Override
    public Counter counter(Metric metric) {
        return NONE;
    }

    @Override
    public Counter counter(Metric metric, String tag, String value) {
        return NONE;
    }

    @Override
    public void gauge(Metric metric, LongSupplier value) {
    }

    @Override
    public Timer timer(Metric metric) {
        return taken -> {
        };
    }
}
