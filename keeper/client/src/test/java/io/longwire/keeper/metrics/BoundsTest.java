package io.longwire.keeper.metrics;

import io.longwire.keeper.metrics.PrometheusMetrics.BoundNow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BoundsTest {
    private enum Some implements Metric {
        WAITING("some_waiting", "What waits."), REFUSED("some_refused_total", "What was refused.");

        private final String id;
        private final String sentence;

        Some(String id, String sentence) {
            this.id = id;
            this.sentence = sentence;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public String sentence() {
            return sentence;
        }
    }

    private final PrometheusMetrics metrics = new PrometheusMetrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void saysHowMuchAQueueHoldsAndWhatHappenedAtItsBound() {
        metrics.gauge(Some.WAITING, () -> 7);
        metrics.counter(Some.REFUSED, "why", "full").add(2);
        metrics.counter(Some.REFUSED, "why", "late").add(3);
        metrics.bound(Bound.of(Some.WAITING, 10, Some.REFUSED));

        assertThat(metrics.bounds()).containsExactly(new BoundNow("longwire_some_waiting", "What waits.", 7, 10,
                "longwire_some_refused_total", 5));
        assertThat(metrics.scrape()).contains("longwire_some_waiting_bound 10.0");
    }

    @Test
    void saysOfABoundForEachAppWhatHappenedAtAllOfThem() {
        metrics.counter(Some.REFUSED, "why", "full").add(2);
        metrics.counter(Some.REFUSED, "why", "late").add(3);
        metrics.bound(Bound.ofEach(512, Some.REFUSED, "why", "full"));
        metrics.bound(Bound.ofEach(256, Some.REFUSED, "why", "full"));

        assertThat(metrics.bounds()).containsExactly(new BoundNow("longwire_some_refused_total{why=\"full\"}",
                "What was refused.", -1, 256, "longwire_some_refused_total{why=\"full\"}", 2));
    }

    @Test
    void aQueueThatNothingCountsIsShownWithItsBoundAlone() {
        metrics.bound(Bound.of(Some.WAITING, 10, null));

        assertThat(metrics.bounds()).containsExactly(
                new BoundNow("longwire_some_waiting", "What waits.", -1, 10, "", 0));
    }
}
