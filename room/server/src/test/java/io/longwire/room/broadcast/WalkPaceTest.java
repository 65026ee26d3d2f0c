package io.longwire.room.broadcast;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WalkPaceTest {
    private final WalkPace pace = new WalkPace();

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

    private int taken(int tick, int wanted) {
        int taken = 0;
        while (taken < wanted && pace.allows(tick)) {
            pace.took();
            taken++;
        }
        return taken;
    }
}
