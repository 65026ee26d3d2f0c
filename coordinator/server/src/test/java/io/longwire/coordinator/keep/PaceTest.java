package io.longwire.coordinator.keep;

import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class PaceTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void letsABurstPassAndThenTheRate() {
        var pace = new Pace(0);
        int passed = 0;
        while (pace.take(0, 10, 50) == 0) {
            passed++;
        }
        assertThat(passed).isEqualTo(50);

        for (int tenth = 1; tenth <= 30; tenth++) {
            if (pace.take(tenth * SECOND / 10, 10, 50) == 0) {
                passed++;
            }
        }
        assertThat(passed).isEqualTo(80);
    }

    @Test
    void saysWhenTheNextMayPass() {
        var pace = new Pace(0);
        pace.take(0, 2, 1);

        long wait = pace.take(SECOND / 4, 2, 1);

        assertThat(wait).isEqualTo(SECOND / 4);
        assertThat(pace.take(SECOND / 4 + wait, 2, 1)).isZero();
    }

    @Test
    void savesNoMoreThanItsBurst() {
        var pace = new Pace(0);
        int passed = 0;
        while (pace.take(1_000 * SECOND, 10, 5) == 0) {
            passed++;
        }
        assertThat(passed).isEqualTo(5);
    }
}
