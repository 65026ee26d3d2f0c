package io.longwire.center.access;

import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

/**
 * Product A floods; what does B wait? The way of a send as center has it, on a virtual clock: the quota, the bound of
 * messages in flight, then a store that serves one after the other.
 */
class FairShareTest {
    private static final int A = 1;
    private static final int B = 2;
    private static final int QUOTA = 1_000;
    private static final Duration SERVICE = Duration.ofNanos(200_000);
    private static final Duration WARM = Duration.ofSeconds(2); // the burst that a quota allows is over by then
    private static final Duration MEASURED = Duration.ofSeconds(8);

    @Test
    void leavesTheQueueWaitOfOthersAsItIsWhenOneFloodsAtTenTimesItsQuota() {
        var within = new Run(QUOTA).measure();
        var flooding = new Run(10 * QUOTA).measure();

        assertThat(within.waits).isEqualTo(flooding.waits).isEqualTo(MEASURED.toSeconds() * 100);
        assertThat(flooding.meanNanos()).isCloseTo(within.meanNanos(), withinPercentage(1));
        assertThat(flooding.refusedB).isZero();
    }

    @Test
    void letsNoMoreThanTheQuotaReachTheStore() {
        var flooding = new Run(10 * QUOTA).measure();

        assertThat(flooding.storedA).isCloseTo(QUOTA * MEASURED.toSeconds(), withinPercentage(0.2));
    }

    /** Without the quota the same load would starve B: the test can fail. */
    @Test
    void wouldSeeAFloodThatNothingHolds() {
        var held = new Run(QUOTA).measure();
        var loose = new Run(10 * QUOTA);
        loose.quotaOfA = 1_000_000;
        loose.measure();

        assertThat(loose.meanNanos()).isGreaterThan(100 * held.meanNanos());
    }

    @Test
    void servesOthersWhileOneFillsItsPlacesAtAStoreThatHangs() {
        var bound = new FairBound(1_000);
        int a = 0;
        while (bound.enter(A)) {
            a++;
        }

        assertThat(a).isEqualTo(500);
        for (int i = 0; i < 100; i++) {
            assertThat(bound.enter(B)).isTrue();
        }
    }

    private static final class Run {
        private final VirtualClock clock = new VirtualClock();
        private final Quotas quotas = new Quotas(() -> 1, clock);
        private final FairBound inFlight = new FairBound(20_000);
        private final int sendsOfA;
        private int quotaOfA = QUOTA;
        private long freeAt = clock.nanos();
        private boolean measured;
        private long waits;
        private long waitedNanos;
        private long storedA;
        private long refusedB;

        Run(int sendsOfA) {
            this.sendsOfA = sendsOfA;
        }

        Run measure() {
            clock.every(Duration.ofSeconds(1).dividedBy(sendsOfA), () -> send(A, quotaOfA));
            clock.schedule(Duration.ofNanos(330_000),
                    () -> clock.every(Duration.ofMillis(10), () -> send(B, QUOTA)));
            clock.advance(WARM);
            measured = true;
            clock.advance(MEASURED);
            return this;
        }

        private void send(int app, int quota) {
            if (quotas.take(app, quota, 1).granted() == 0 || !inFlight.enter(app)) {
                refusedB += app == B ? 1 : 0;
                return;
            }
            long now = clock.nanos();
            freeAt = Math.max(now, freeAt) + SERVICE.toNanos();
            long waited = freeAt - now;
            if (measured && app == B) {
                waits++;
                waitedNanos += waited;
            } else if (measured) {
                storedA++;
            }
            clock.schedule(Duration.ofNanos(waited), () -> inFlight.leave(app));
        }

        private double meanNanos() {
            return (double) waitedNanos / waits;
        }
    }
}
