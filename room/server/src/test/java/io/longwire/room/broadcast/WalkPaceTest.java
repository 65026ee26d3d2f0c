package io.longwire.room.broadcast;

import io.longwire.room.session.Loop;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WalkPaceTest {
    private final WalkPace pace = new WalkPace(0.5);

    @Test
    void anyNumberIsAllowedWithoutARate() {
        assertThat(taken(0, 10_000)).isEqualTo(10_000);
    }

    @Test
    void whatWasWrittenWithoutARateIsNotHeldAgainstALaterOne() {
        taken(0, 10_000);

        pace.rate(20);

        assertThat(taken(20, 100)).isBetween(1, 2);
    }

    @Test
    void aRateBelowOneATickComesToItsSumOverTime() {
        pace.rate(0.5);
        int taken = 0;
        for (int tick = 1; tick <= 200; tick++) { // 10 s
            taken += taken(tick, 10);
        }
        assertThat(taken).isBetween(4, 6);
    }

    @Test
    void whatIsWrittenBeyondItIsPaidBackWithinABurst() {
        pace.rate(20);
        for (int i = 0; i < 1_000; i++) {
            pace.took();
        }

        assertThat(taken(1, 10)).isZero();
        assertThat(taken(10, 10)).isPositive();
    }

    @Test
    void manyLoopsThatShareASlowPaceKeepItInEverySecond() {
        int[] written = new int[60];
        for (int loop = 0; loop < 200; loop++) { // 100 rooms of two, which share 10 a second
            var slow = new WalkPace(loop / 200.0);
            slow.rate(0.05);
            for (int tick = 0; tick < 60 * Loop.TICKS_PER_SECOND; tick++) {
                written[tick / Loop.TICKS_PER_SECOND] += taken(slow, 1_000 + tick, 10);
                slow.rate(0.05); // as every order does
            }
        }

        assertThat(IntStream.of(written).sum()).isBetween(590, 610);
        assertThat(IntStream.of(written).max().orElse(0)).isLessThanOrEqualTo(12);
    }

    @Test
    void aPaceThatBecomesSlowGivesNothingAtOnce() {
        pace.rate(100);
        taken(1_000, 100);

        pace.rate(0.1);

        assertThat(taken(1_001, 10)).isZero();
        assertThat(taken(1_000 + 6 * Loop.TICKS_PER_SECOND, 10)).isEqualTo(1);
    }

    private int taken(int tick, int wanted) {
        return taken(pace, tick, wanted);
    }

    private static int taken(WalkPace pace, int tick, int wanted) {
        int taken = 0;
        while (taken < wanted && pace.allows(tick)) {
            pace.took();
            taken++;
        }
        return taken;
    }
}
