package io.longwire.sdk.policy;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RacePolicyTest {
    private static final long ROUND_MILLIS = 15_000;

    @Test
    void dialsOneAfterTheOtherWithTheStaggerBetween() {
        var race = race(3, 1_000);

        assertThat(race.next(1_000)).isEqualTo(0);
        assertThat(race.next(1_000)).isEqualTo(-1);
        assertThat(race.dueAt()).isEqualTo(1_400);
        assertThat(race.next(1_399)).isEqualTo(-1);
        assertThat(race.next(1_400)).isEqualTo(1);
        assertThat(race.next(1_800)).isEqualTo(2);
    }

    private static RacePolicy race(int candidates, long now) {
        return new RacePolicy(candidates, 400, RacePolicy.parallel(true), ROUND_MILLIS, now);
    }

    @Test
    void hasTwoInFlightInTheBackground() {
        var race = new RacePolicy(8, 2_000, RacePolicy.parallel(false), ROUND_MILLIS, 0);
        assertThat(race.next(0)).isEqualTo(0);
        assertThat(race.next(2_000)).isEqualTo(1);
        assertThat(race.next(4_000)).isEqualTo(-1);
    }

    @Test
    void startsTheNextAtOnceWhenOneFails() {
        var race = race(3, 0);
        race.next(0);

        race.failed(0, 10);

        assertThat(race.dueAt()).isEqualTo(10);
        assertThat(race.next(10)).isEqualTo(1);
    }

    @Test
    void neverHasMoreThanThreeInFlight() {
        var race = race(8, 0);
        for (int i = 0; i < 3; i++) {
            assertThat(race.next(400L * i)).isEqualTo(i);
        }

        assertThat(race.next(5_000)).isEqualTo(-1);
        assertThat(race.dueAt()).isEqualTo(ROUND_MILLIS);
        race.failed(1, 5_000);
        assertThat(race.next(5_000)).isEqualTo(3);
        assertThat(race.next(9_000)).isEqualTo(-1);
    }

    @Test
    void isLostWhenAllFailedOrTheTimeIsOver() {
        var all = race(2, 0);
        all.next(0);
        all.failed(0, 1);
        assertThat(all.isLost(1)).isFalse();
        all.next(1);
        all.failed(1, 2);
        assertThat(all.isLost(2)).isTrue();
        assertThat(all.dueAt()).isEqualTo(RacePolicy.NEVER);

        var slow = race(2, 0);
        slow.next(0);
        assertThat(slow.isLost(ROUND_MILLIS - 1)).isFalse();
        assertThat(slow.isLost(ROUND_MILLIS)).isTrue();
        assertThat(slow.next(ROUND_MILLIS)).isEqualTo(-1);
    }

    @Test
    void fitsTheStaggerToTheNetwork() {
        assertThat(RacePolicy.stagger(0, true)).isEqualTo(400);
        assertThat(RacePolicy.stagger(0, false)).isEqualTo(2_000);
        assertThat(RacePolicy.stagger(10, true)).isEqualTo(250);
        assertThat(RacePolicy.stagger(300, false)).isEqualTo(600);
        assertThat(RacePolicy.stagger(10_000, false)).isEqualTo(2_500);
    }
}
