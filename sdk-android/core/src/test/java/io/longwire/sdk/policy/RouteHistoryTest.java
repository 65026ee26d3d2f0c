package io.longwire.sdk.policy;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RouteHistoryTest {
    private static final long MINUTE = 60_000;
    private final RouteHistory history = new RouteHistory();

    @Test
    void threeFailuresOfEightBanForSixMinutesAndEachFurtherForSixMore() {
        history.failed(0);
        history.failed(MINUTE);
        assertThat(history.isBanned(MINUTE)).isFalse();
        history.failed(2 * MINUTE);
        assertThat(history.bannedForMillis(2 * MINUTE)).isEqualTo(6 * MINUTE);
        history.failed(10 * MINUTE);
        assertThat(history.bannedForMillis(10 * MINUTE)).isEqualTo(12 * MINUTE);
        for (int i = 2; i < 20; i++) {
            history.failed(i * 100L * MINUTE);
        }
        assertThat(history.bannedForMillis(1_900 * MINUTE)).isEqualTo(30 * MINUTE);
        assertThat(history.isBanned(1_930 * MINUTE)).isFalse();
    }

    @Test
    void oneSuccessEndsTheBanAndEightForgetTheFailures() {
        for (int i = 0; i < 3; i++) {
            history.failed(i * MINUTE);
        }
        history.worked();
        assertThat(history.isBanned(3 * MINUTE)).isFalse();
        history.failed(4 * MINUTE);
        assertThat(history.bannedForMillis(4 * MINUTE)).as("four of the last five").isEqualTo(6 * MINUTE);
        for (int i = 0; i < 8; i++) {
            history.worked();
        }
        assertThat(history.bits()).isZero();
    }

    @Test
    void aBurstCountsOnce() {
        for (int i = 0; i < 9; i++) {
            history.failed(i * 1_000L);
        }
        assertThat(history.bits()).isEqualTo(1);
    }

    @Test
    void aFileCannotBanForLongerThanHalfAnHour() {
        history.restore(-1, Integer.MAX_VALUE, Long.MAX_VALUE, 0);
        assertThat(history.bannedForMillis(0)).isEqualTo(30 * MINUTE);
        assertThat(history.bits()).isEqualTo(0xFF);
    }
}
