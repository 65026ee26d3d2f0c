package io.longwire.coordinator.callback;

import io.longwire.coordinator.callback.Breaker.State;
import io.longwire.coordinator.callback.CallbackConfig.BreakerConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class BreakerTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Breaker breaker = new Breaker(
            new BreakerConfig(3, Duration.ofSeconds(1), Duration.ofSeconds(3)));

    @Test
    void opensAfterSoManyFailuresInARow() {
        fail(0);
        fail(0);
        breaker.success(breaker.begin());
        fail(0);
        fail(0);
        assertThat(breaker.state(0)).isEqualTo(State.CLOSED);

        assertThat(breaker.failure(breaker.begin(), 0)).isTrue();

        assertThat(breaker.state(SECOND - 1)).isEqualTo(State.OPEN);
        assertThat(breaker.state(SECOND)).isEqualTo(State.DUE);
    }

    @Test
    void letsOneTryAndClosesByItsSuccess() {
        open();
        int trial = breaker.begin();
        assertThat(breaker.state(SECOND)).isEqualTo(State.HALF_OPEN);

        assertThat(breaker.success(trial)).isTrue();

        assertThat(breaker.state(SECOND)).isEqualTo(State.CLOSED);
    }

    @Test
    void staysOpenForTwiceAsLongEachTimeATrialFailsUpToABound() {
        open();
        long now = SECOND;
        for (long pause : new long[]{2, 3, 3}) {
            assertThat(breaker.state(now)).isEqualTo(State.DUE);
            assertThat(breaker.failure(breaker.begin(), now)).as("it was open").isFalse();
            assertThat(breaker.state(now + pause * SECOND - 1)).isEqualTo(State.OPEN);
            now += pause * SECOND;
        }
        assertThat(breaker.success(breaker.begin())).isTrue();
        open();
        assertThat(breaker.pause()).as("short again after a success").isEqualTo(SECOND);
    }

    @Test
    void isNotMovedByWhatWasSentBefore() {
        int old = breaker.begin();
        open();

        assertThat(breaker.success(old)).isFalse();
        assertThat(breaker.state(SECOND)).isEqualTo(State.DUE);
        breaker.begin();
        breaker.failure(old, SECOND);
        assertThat(breaker.state(SECOND)).as("the trial goes on").isEqualTo(State.HALF_OPEN);
    }

    private void open() {
        fail(0);
        fail(0);
        fail(0);
    }

    private void fail(long now) {
        breaker.failure(breaker.begin(), now);
    }
}
