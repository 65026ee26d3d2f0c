package io.longwire.center.broadcast;

import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class FollowedPaceTest {
    private static final Duration TTL = Duration.ofSeconds(5);
    private static final long SECOND = 1_000_000_000;

    private final FollowedPace pace = new FollowedPace();
    private long now = -3 * SECOND; // a monotonic clock may be below zero

    private void hear(double share) {
        pace.hear(now, share, OptionalInt.empty(), share < 1 ? "slow" : "", TTL);
    }

    private void asked(int perSecond) {
        pace.hear(now, 1, OptionalInt.of(perSecond), "", TTL);
    }

    private Limit after(int seconds) {
        now += seconds * SECOND;
        return pace.limit(now);
    }

    @Test
    void limitsNothingBeforeAnythingIsHeard() {
        assertThat(after(100)).isEqualTo(Limit.NONE);
        hear(1);
        assertThat(after(1)).isEqualTo(Limit.NONE);
    }

    @Test
    void goesDownAtOnceAndUpByStepsWhateverIsSaid() {
        hear(0.2);
        assertThat(after(0)).isEqualTo(new Limit(0.2, 0, "slow"));
        hear(1);
        assertThat(after(1).share()).isCloseTo(0.22, within(1e-9));
        hear(1);
        assertThat(after(4).share()).isCloseTo(0.30, within(1e-9));
        hear(0.1);
        assertThat(after(0).share()).isEqualTo(0.1);
        hear(0.11);
        assertThat(after(3).share()).isEqualTo(0.11);
    }

    @Test
    void whatIsNotSaidAgainIsBelievedForItsTimeAndThenLessAndLess() {
        hear(0.5);
        assertThat(after(5).share()).isEqualTo(0.5);
        after(1);
        assertThat(after(4).share()).isBetween(0.58, 0.6);
        assertThat(after(25)).isEqualTo(Limit.NONE);
    }

    @Test
    void staysAboveItsFloor() {
        hear(0);
        assertThat(after(0).share()).isEqualTo(FollowedPace.LEAST_SHARE);
        asked(0);
        assertThat(after(0).perSecond()).isEqualTo(FollowedPace.LEAST_PER_SECOND);
    }

    @Test
    void aPushPaceIsFollowedUpAndDownAndRisesByStepsWhenItIsNotHeardAnyMore() {
        asked(120);
        assertThat(after(1)).isEqualTo(new Limit(1, 120, ""));
        asked(500);
        assertThat(after(0).perSecond()).isEqualTo(500);
        asked(100);
        assertThat(after(5).perSecond()).isEqualTo(100);
        assertThat(after(3).perSecond()).isCloseTo(130, within(1e-9));
        assertThat(after(10).perSecond()).isCloseTo(230, within(1e-9));
        assertThat(after(60)).isEqualTo(Limit.NONE);
    }

    @Test
    void aPushPaceThatTheBackendTakesBackRisesFromThenOn() {
        asked(100);
        hear(1);
        assertThat(after(2).perSecond()).isCloseTo(120, within(1e-9));
        asked(50);
        assertThat(after(0).perSecond()).isEqualTo(50);
    }
}
