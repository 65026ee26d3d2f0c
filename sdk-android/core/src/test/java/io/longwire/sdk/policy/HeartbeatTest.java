package io.longwire.sdk.policy;

import io.longwire.sdk.policy.Heartbeat.Verdict;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HeartbeatTest {
    private final Heartbeat heart = new Heartbeat(0, 0);

    @Test
    void pingsAfterASilentInterval() {
        assertThat(heart.check(239_999)).isEqualTo(Verdict.QUIET);
        assertThat(heart.check(240_000)).isEqualTo(Verdict.PING);
    }

    @Test
    void anyTrafficRestartsTheInterval() {
        heart.sent(100_000);
        assertThat(heart.dueAt()).isEqualTo(340_000);
        heart.received(200_000);
        assertThat(heart.check(240_000)).isEqualTo(Verdict.QUIET);
        assertThat(heart.dueAt()).isEqualTo(440_000);
    }

    @Test
    void anyByteAnswersAPing() {
        heart.check(240_000);

        assertThat(heart.received(240_300)).isTrue();
        assertThat(heart.received(240_400)).isFalse();
        assertThat(heart.check(255_000)).isEqualTo(Verdict.QUIET);
        assertThat(heart.srttMillis()).isEqualTo(300);
    }

    @Test
    void aPingSentForAnotherReasonMustBeAnsweredToo() {
        heart.pinged(1_000);
        heart.pinged(9_000);

        assertThat(heart.dueAt()).isEqualTo(16_000);
        assertThat(heart.check(16_000)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void callsTheConnectionDeadWhenNothingAnswers() {
        heart.check(240_000);

        assertThat(heart.check(254_999)).isEqualTo(Verdict.QUIET);
        assertThat(heart.check(255_000)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void waitsShorterOnAFastNetwork() {
        heart.check(240_000);
        heart.received(240_050);

        assertThat(heart.timeoutMillis()).isEqualTo(6_000);
    }

    @Test
    void afterAFreezeItPingsAgainInsteadOfJudging() {
        heart.check(240_000);

        assertThat(heart.check(240_000 + 600_000)).isEqualTo(Verdict.PING);
        assertThat(heart.check(240_000 + 600_000 + 15_000)).isEqualTo(Verdict.DEAD);
    }

    @Test
    void pingsSoonWhenAskedAndNotTwice() {
        heart.pingSoon();
        assertThat(heart.check(1_000)).isEqualTo(Verdict.PING);
        heart.pingSoon();
        assertThat(heart.check(1_001)).isEqualTo(Verdict.QUIET);
    }

    @Test
    void takesTheServersIntervalWithinItsBoundsAndPatience() {
        heart.hints(60, 900, 300, 0);
        assertThat(heart.intervalMillis()).isEqualTo(300_000);
        heart.next(5);
        assertThat(heart.intervalMillis()).isEqualTo(60_000);
        heart.next(5_000);
        assertThat(heart.intervalMillis()).isEqualTo(900_000);

        var impatient = new Heartbeat(0, 0);
        impatient.hints(0, 0, 600, 90);
        assertThat(impatient.intervalMillis()).isEqualTo(60_000);
    }

    @Test
    void doesNotBelieveAbsurdHints() {
        heart.hints(0xFFFFFFFFL, 1, 0, 1);
        assertThat(heart.intervalMillis()).isBetween(1_000L, 1_800_000L);
        heart.next(0xFFFFFFFFL);
        assertThat(heart.intervalMillis()).isBetween(1_000L, 1_800_000L);
    }
}
