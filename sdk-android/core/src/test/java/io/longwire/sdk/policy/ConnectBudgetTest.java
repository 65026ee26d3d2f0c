package io.longwire.sdk.policy;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectBudgetTest {
    private final ConnectBudget budget = new ConnectBudget();

    @Test
    void givesTenInFiveMinutes() {
        for (int i = 0; i < 10; i++) {
            assertThat(budget.waitMillis(i * 1_000L)).isZero();
            budget.used(i * 1_000L);
        }
        assertThat(budget.waitMillis(10_000)).isEqualTo(290_000);
        assertThat(budget.waitMillis(300_000)).isZero();
    }

    @Test
    void aMoveLeavesSomeForConnectionsThatAreMissed() {
        for (int i = 0; i < 6; i++) {
            assertThat(budget.moveWaitMillis(i * 1_000L)).isZero();
            budget.used(i * 1_000L);
        }
        assertThat(budget.moveWaitMillis(10_000)).isEqualTo(290_000);
        assertThat(budget.waitMillis(10_000)).isZero();
    }

    @Test
    void movesTakeTwentyAnHour() {
        int begun = 0;
        long hours = 100;
        for (long now = 0; now < hours * 3_600_000; now += 1_000) {
            if (budget.moveWaitMillis(now) == 0) {
                budget.used(now);
                begun++;
            }
            assertThat(budget.waitMillis(now)).isZero();
        }
        assertThat(begun).isBetween((int) hours * 20 - 20, (int) hours * 20);
    }

    @Test
    void givesThirtyAnHourForDays() {
        int begun = 0;
        long hours = 100;
        for (long now = 0; now < hours * 3_600_000; now += 1_000) {
            if (budget.waitMillis(now) == 0) {
                budget.used(now);
                begun++;
            }
        }
        assertThat(begun).isBetween((int) hours * 30 - 30, (int) hours * 30);
    }
}
