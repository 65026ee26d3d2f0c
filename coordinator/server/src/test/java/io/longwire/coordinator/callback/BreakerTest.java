package io.longwire.coordinator.callback;

import io.longwire.coordinator.callback.Breaker.State;
import io.longwire.coordinator.callback.CallbackConfig.BreakerConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class BreakerTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private BreakerConfig rules = new BreakerConfig(3, Duration.ofSeconds(1), Duration.ofSeconds(3));
    private final Breaker breaker = new Breaker(() -> rules);

    @Test
    void opensAfterSoManyFailuresInARow() {
        fail(0);
        fail(0);
        breaker.success(breaker.begin(0));
        fail(0);
        fail(0);
        assertThat(breaker.state(0)).isEqualTo(State.CLOSED);

        assertThat(breaker.failure(breaker.begin(0), 0)).isTrue();

        assertThat(breaker.state(SECOND - 1)).isEqualTo(State.OPEN);
        assertThat(breaker.state(SECOND)).isEqualTo(State.DUE);
    }

    @Test
    void letsOneTryAndClosesByItsSuccess() {
        open();
        int trial = breaker.begin(SECOND);
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
            assertThat(breaker.failure(breaker.begin(now), now)).as("it was open").isFalse();
            assertThat(breaker.state(now + pause * SECOND - 1)).isEqualTo(State.OPEN);
            now += pause * SECOND;
        }
        assertThat(breaker.success(breaker.begin(now))).isTrue();
        open();
        assertThat(breaker.pause()).as("short again after a success").isEqualTo(SECOND);
    }

    @Test
    void isNotMovedByWhatWasSentBefore() {
        int old = breaker.begin(0);
        open();

        assertThat(breaker.success(old)).isFalse();
        assertThat(breaker.state(SECOND)).isEqualTo(State.DUE);
        breaker.begin(SECOND);
        breaker.failure(old, SECOND);
        assertThat(breaker.state(SECOND)).as("the trial goes on").isEqualTo(State.HALF_OPEN);
    }

    @Test
    void letsAnotherTryWhenTheOneThatTriedWasNotSent() {
        open();
        breaker.forget(breaker.begin(SECOND));
        assertThat(breaker.state(SECOND)).isEqualTo(State.DUE);

        assertThat(breaker.success(breaker.begin(SECOND))).isTrue();
    }

    @Test
    void triesNothingBeforeItsTime() {
        open();
        int early = breaker.begin(SECOND - 1);

        assertThat(breaker.state(SECOND - 1)).isEqualTo(State.OPEN);
        assertThat(breaker.failure(early, SECOND - 1)).isFalse();
        assertThat(breaker.state(SECOND)).as("it was not the trial").isEqualTo(State.DUE);
        int trial = breaker.begin(SECOND);
        breaker.forget(early);
        assertThat(breaker.success(early)).isFalse();
        assertThat(breaker.state(SECOND)).as("nor is it now").isEqualTo(State.HALF_OPEN);
        assertThat(breaker.success(trial)).isTrue();
    }

    @Test
    void goesByOtherRulesFromTheNextFailureOn() {
        fail(0);
        rules = new BreakerConfig(2, Duration.ofSeconds(5), Duration.ofSeconds(6));
        fail(0);
        assertThat(breaker.state(5 * SECOND - 1)).isEqualTo(State.OPEN);

        rules = new BreakerConfig(2, Duration.ofSeconds(1), Duration.ofSeconds(2));
        breaker.failure(breaker.begin(5 * SECOND), 5 * SECOND);
        assertThat(breaker.pause()).as("not twice the last one: more than that is too long now").isEqualTo(2 * SECOND);
    }

    private void open() {
        fail(0);
        fail(0);
        fail(0);
    }

    private void fail(long now) {
        breaker.failure(breaker.begin(now), now);
    }
}
