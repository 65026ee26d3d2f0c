package io.longwire.sdk.policy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The search for the longest silence a network survives, in virtual hours and days. */
class LadderTest {
    private static final long HOUR = 3_600_000;
    private static final long TIMEOUT_MILLIS = 15_000;

    private final Random random = new Random(11);
    private final Ladder ladder = new Ladder(random);
    private long now;
    private long natSeconds;
    private double loss;
    private int beats;
    private int failures;

    @ParameterizedTest
    @CsvSource({"90, 60, 33, 9", "200, 180, 22, 3", "300, 285, 37, 2", "360, 345, 47, 2", "600, 585, 78, 2",
            "900, 885, 103, 2", "1800, 1680, 103, 0"})
    void settlesOnTheRungBelowTheNatAndFailsNoMoreThanThreeTimesADay(long nat, long rung, long minutes, int atFirst) {
        ladder.limits(0, 1_800, 0);
        natSeconds = nat;
        ladder.begin();
        while (!ladder.isSettled(now)) {
            beat();
        }
        assertThat(Ladder.millis(ladder.next(now))).isEqualTo(rung * 1_000);
        assertThat(now).isLessThanOrEqualTo(minutes * 60_000);
        assertThat(failures).isLessThanOrEqualTo(atFirst);

        for (int day = 0; day < 10; day++) {
            failures = 0;
            run(24 * HOUR);
            assertThat(failures).as("day " + day).isLessThanOrEqualTo(3);
        }
        assertThat(Ladder.millis(ladder.good())).isEqualTo(rung * 1_000);
    }

    @Test
    void theRungsAreTimeOutsOfKnownNatsLessAMargin() {
        long[] rungs = new long[Ladder.SIZE];
        for (int rung = 0; rung < rungs.length; rung++) {
            rungs[rung] = Ladder.millis(rung) / 1_000;
        }
        assertThat(rungs).containsExactly(60, 120, 180, 240, 285, 345, 465, 585, 885, 1_185, 1_680);
        assertThat(Ladder.millis(ladder.floor())).isEqualTo(240_000);
    }

    @ParameterizedTest
    @CsvSource({"900, 5", "600, 7", "300, 13"})
    void wakesThePhoneNoMoreOftenThanItsBudgetAllows(long nat, int settled) {
        natSeconds = nat;
        ladder.begin();
        for (int hour = 1; hour <= 2; hour++) {
            beats = 0;
            run(HOUR);
            assertThat(beats).as("in hour %s of the search", hour).isLessThanOrEqualTo(16);
        }
        beats = 0;
        run(24 * HOUR);
        assertThat(beats / 24.0).as("an hour, settled").isLessThanOrEqualTo(settled);
    }

    @Test
    void staysBelow885UnlessTheServerAllowsMore() {
        natSeconds = 100_000;
        ladder.begin();
        run(6 * HOUR);
        assertThat(Ladder.millis(ladder.good())).isEqualTo(885_000);
    }

    @Test
    void searchesAgainWhenTheNatShrinks() {
        ladder.limits(0, 1_800, 0);
        natSeconds = 1_800;
        ladder.begin();
        run(6 * HOUR);
        assertThat(Ladder.millis(ladder.good())).isEqualTo(1_680_000);

        natSeconds = 300;
        failures = 0;
        beat();
        run(HOUR);
        assertThat(ladder.isSettled(now)).isTrue();
        assertThat(Ladder.millis(ladder.next(now))).isEqualTo(285_000);
        assertThat(failures).isLessThanOrEqualTo(4);
    }

    @Test
    void theFloorComesBackWhenTheNatGrows() {
        natSeconds = 90;
        ladder.begin();
        run(HOUR);
        assertThat(ladder.floor()).isZero();

        natSeconds = 900;
        run(8 * HOUR);
        assertThat(Ladder.millis(ladder.floor())).isEqualTo(240_000);
        assertThat(Ladder.millis(ladder.good())).isEqualTo(885_000);
    }

    @Test
    void pingsThatFailForOtherReasonsDoNotPullItDown() {
        long[] good = new long[200];
        for (int seed = 0; seed < good.length; seed++) {
            var one = new LadderTest();
            one.natSeconds = 600;
            one.loss = 0.02;
            one.random.setSeed(seed);
            one.ladder.begin();
            one.run(24 * HOUR);
            good[seed] = Ladder.millis(one.ladder.good());
        }
        Arrays.sort(good);
        assertThat(good[good.length / 2]).isEqualTo(585_000);
        assertThat(good[good.length / 4]).isEqualTo(585_000);
    }

    @Test
    void beginsWhereTheServerSaysWithOneBeat() {
        ladder.limits(0, 0, 600);
        natSeconds = 600;
        ladder.begin();
        assertThat(Ladder.millis(ladder.next(now))).isEqualTo(585_000);
        beat();
        assertThat(failures).isZero();
        assertThat(Ladder.millis(ladder.next(now))).as("probing").isEqualTo(885_000);
        run(2 * HOUR);
        assertThat(ladder.isSettled(now)).isTrue();
        assertThat(Ladder.millis(ladder.good())).isEqualTo(585_000);
    }

    @Test
    void aHintThatIsWrongCostsOneFailureAndIsNotBelievedAgain() {
        ladder.limits(0, 0, 885);
        natSeconds = 300;
        ladder.begin();
        beat();
        assertThat(failures).isEqualTo(1);
        assertThat(Ladder.millis(ladder.next(now))).isEqualTo(240_000);
        run(3 * HOUR);
        assertThat(Ladder.millis(ladder.good())).isEqualTo(285_000);
        assertThat(failures).isEqualTo(3);
    }

    @Test
    void climbsFromAHintBelowTheFloor() {
        ladder.limits(0, 0, 120);
        natSeconds = 200;
        ladder.begin();
        run(3 * HOUR);
        assertThat(Ladder.millis(ladder.good())).isEqualTo(180_000);
        assertThat(failures).isEqualTo(2);
    }

    @Test
    void aKnownNetworkGetsOneBeatAtTheFloorAfterEachConnect() {
        natSeconds = 900;
        ladder.begin();
        run(3 * HOUR);
        ladder.begin();
        assertThat(Ladder.millis(ladder.next(now))).isEqualTo(240_000);
        beat();
        assertThat(Ladder.millis(ladder.next(now))).isEqualTo(885_000);
    }

    @Test
    void blocksLongerEachTime() {
        ladder.ok(4);
        for (long hours : new long[]{6, 24}) {
            ladder.bad(5, now);
            assertThat(ladder.blockedForMillis(5, now)).isZero();
            ladder.bad(5, now);
            assertThat(ladder.blockedForMillis(5, now)).isEqualTo(hours * HOUR);
            now += hours * HOUR;
        }
        ladder.bad(5, now);
        ladder.bad(5, now);
        assertThat(ladder.blockedForMillis(5, now)).isBetween(6 * 24 * HOUR, 8 * 24 * HOUR);
        ladder.forgetBlocks();
        assertThat(ladder.blockedForMillis(5, now)).isZero();
    }

    @Test
    void staysWithinWhatTheServerAllows() {
        ladder.limits(300, 600, 0);
        natSeconds = 10_000;
        ladder.begin();
        assertThat(Ladder.millis(ladder.next(now))).isEqualTo(345_000);
        run(6 * HOUR);
        assertThat(Ladder.millis(ladder.next(now))).isEqualTo(585_000);
        assertThat(ladder.proposedSeconds(now)).isEqualTo(585);
    }

    @Test
    void absurdLimitsAndFilesLeaveALadderThatWorks() {
        long[] absurd = {0, 1, 59, 60, 1_000, 0xFFFFFFFFL, -1, Long.MAX_VALUE / 2_000};
        for (long min : absurd) {
            for (long max : absurd) {
                for (long hint : absurd) {
                    ladder.limits(min, max, hint);
                    assertThat(ladder.next(now)).isBetween(0, Ladder.SIZE - 1);
                    assertThat(ladder.proposedSeconds(now)).isBetween(60, 1_680);
                }
            }
        }
        ladder.restore(99, -7);
        for (int rung = -1; rung <= Ladder.SIZE; rung++) {
            ladder.restore(rung, 1_000, 1_000, Long.MAX_VALUE, now);
        }
        assertThat(ladder.next(now)).isBetween(0, Ladder.SIZE - 1);
        assertThat(ladder.blockedForMillis(5, now)).isLessThanOrEqualTo(8 * 24 * HOUR);
    }

    @Test
    void theFloorFailsThreeTimesBeforeItFalls() {
        ladder.begin();
        int floor = ladder.floor();
        assertThat(Ladder.millis(floor)).isEqualTo(240_000);
        for (int i = 1; i <= 2; i++) {
            ladder.bad(floor, now);
            assertThat(ladder.floor()).as("failure " + i).isEqualTo(floor);
            assertThat(ladder.blockedForMillis(floor, now)).isZero();
            assertThat(ladder.next(now)).isEqualTo(floor);
        }

        ladder.bad(floor, now);
        assertThat(Ladder.millis(ladder.floor())).isEqualTo(180_000);
        assertThat(ladder.blockedForMillis(floor, now)).isEqualTo(6 * HOUR);
        assertThat(ladder.next(now)).isEqualTo(ladder.floor());
        assertThat(ladder.good()).isEqualTo(Ladder.NONE);
    }

    @Test
    void aRungAboveTheFloorFailsTwice() {
        ladder.begin();
        ladder.ok(4);
        ladder.bad(5, now);
        assertThat(ladder.blockedForMillis(5, now)).isZero();
        ladder.bad(5, now);
        assertThat(ladder.blockedForMillis(5, now)).isEqualTo(6 * HOUR);
    }

    private void run(long millis) {
        long until = now + millis;
        while (now < until) {
            beat();
        }
    }

    private void beat() {
        int rung = ladder.next(now);
        now += Ladder.millis(rung);
        beats++;
        if (Ladder.millis(rung) > natSeconds * 1_000 || random.nextDouble() < loss) {
            failures++;
            now += TIMEOUT_MILLIS;
            ladder.bad(rung, now);
            ladder.begin();
        } else {
            ladder.ok(rung);
        }
    }
}
