package io.longwire.sdk.policy;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DedupeTest {
    private static final long DAY = 24 * 3_600_000L;
    private final Dedupe seen = new Dedupe();

    @Test
    void keepsAnIdUntilItsMessageCannotComeAgain() {
        for (int id = 1; id <= 5_000; id++) {
            seen.add(id, 10 * DAY, 0, 0, 0);
        }
        seen.sweep(10 * DAY - 1);
        assertThat(seen.size()).isEqualTo(5_000);
        assertThat(seen.contains(1)).isTrue();

        seen.sweep(10 * DAY);
        assertThat(seen.size()).isEqualTo(Dedupe.NEWEST);
        assertThat(seen.contains(1)).isFalse();
        assertThat(seen.contains(5_000)).isTrue();
    }

    @Test
    void keepsAtLeastAThousandAndEachForADayLongerThanItsMessageLives() {
        assertThat(Dedupe.NEWEST).isEqualTo(1_024);
        assertThat(Dedupe.KEEP_MILLIS).isEqualTo(DAY);
    }

    @Test
    void keepsTheNewestHoweverOldTheyAre() {
        for (int id = 1; id <= Dedupe.NEWEST; id++) {
            seen.add(id, 0, 0, 0, 0);
        }
        seen.sweep(1_000 * DAY);

        assertThat(seen.size()).isEqualTo(Dedupe.NEWEST);
    }

    @Test
    void neverGrowsPastItsCap() {
        for (int id = 1; id <= 3 * Dedupe.CAP; id++) {
            seen.add(id, 30 * DAY, 0, 0, 0);
        }

        assertThat(seen.size()).isLessThanOrEqualTo(Dedupe.CAP);
        assertThat(seen.contains(3 * Dedupe.CAP)).isTrue();
    }
}
