package io.longwire.sdk.policy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReconnectPolicyTest {
    private final ReconnectPolicy policy = new ReconnectPolicy(new Random(7));

    @Test
    void spreadsTheFirstTryEvenlyOverTheWindowTheServerTold() {
        int[] tenths = new int[10];
        for (int phone = 0; phone < 10_000; phone++) {
            var one = new ReconnectPolicy(new Random(phone * 31L));
            one.window(30_000);
            one.connected(0);
            long delay = one.dropped(ReconnectPolicy.STABLE_MILLIS);
            assertThat(delay).isBetween(0L, 30_000L);
            tenths[(int) (delay / 3_000)]++;
        }
        assertThat(Arrays.stream(tenths).max().getAsInt()).isLessThan(1_300);
        assertThat(Arrays.stream(tenths).min().getAsInt()).isGreaterThan(700);
    }

    @Test
    void theWindowIsFifteenSecondsUntilAServerToldOne() {
        assertThat(ReconnectPolicy.WINDOW_DEFAULT_MILLIS).isEqualTo(15_000);
        int[] thirds = new int[3];
        for (int phone = 0; phone < 10_000; phone++) {
            var one = new ReconnectPolicy(new Random(phone * 31L));
            one.window(0);
            assertThat(one.windowMillis()).isEqualTo(15_000);
            one.connected(0);
            long delay = phone % 2 == 0 ? one.dropped(ReconnectPolicy.STABLE_MILLIS) : one.failed(0);
            assertThat(delay).isBetween(0L, 14_999L);
            thirds[(int) (delay / 5_000)]++;
        }
        assertThat(thirds).satisfies(all -> assertThat(Arrays.stream(all).min().getAsInt()).isGreaterThan(3_000));
    }

    @Test
    void inTheBackgroundLaterTriesAreFiveSecondsToTenMinutesApartEachDrawnFromTheOneBefore() {
        laterTries(false, 5_000, 600_000);
    }

    @Test
    void whileTheUserLooksLaterTriesAreASecondToAMinuteApartEachDrawnFromTheOneBefore() {
        laterTries(true, 1_000, 60_000);
    }

    private static void laterTries(boolean foreground, long base, long cap) {
        var shares = new double[10];
        long longest = 0;
        for (int phone = 0; phone < 500; phone++) {
            var one = new ReconnectPolicy(new Random(phone * 31L));
            one.foreground(foreground);
            one.failed(0);
            long previous = base;
            for (int i = 0; i < 40; i++) {
                long most = Math.min(cap, 3 * previous);
                long delay = one.failed(0);
                assertThat(delay).isBetween(base, most);
                shares[(int) Math.min(9, 10 * (delay - base) / (most - base))]++;
                longest = Math.max(longest, delay);
                previous = delay;
            }
        }
        assertThat(longest).isGreaterThan(cap - cap / 60);
        assertThat(shares).as("even from the base to three times the one before")
                .satisfies(all -> assertThat(Arrays.stream(all).min().getAsDouble()).isGreaterThan(1_700))
                .satisfies(all -> assertThat(Arrays.stream(all).max().getAsDouble()).isLessThan(2_300));
    }

    @Test
    void waitsAtMostTwoSecondsWhenTheUserLooks() {
        policy.window(60_000);
        policy.foreground(true);
        policy.connected(0);

        assertThat(policy.dropped(100_000)).isBetween(0L, 2_000L);
    }

    @Test
    void growsUpToTheCapAndStillSpreadsThere() {
        policy.foreground(true);
        long largest = 0;
        var atTheEnd = new HashSet<Long>();
        for (int i = 0; i < 200; i++) {
            long delay = policy.failed(0);
            largest = Math.max(largest, delay);
            if (i > 20) {
                assertThat(delay).isBetween(1_000L, 60_000L);
                atTheEnd.add(delay);
            }
        }
        assertThat(largest).isGreaterThan(40_000);
        assertThat(atTheEnd).hasSizeGreaterThan(150);
    }

    @Test
    void startsOverOnlyAfterAConnectionThatProvedItself() {
        failTimes(10);
        policy.connected(0);
        policy.dropped(5_000);
        assertThat(policy.failures()).isEqualTo(11);

        policy.connected(10_000);
        policy.answered();
        policy.dropped(11_000);
        assertThat(policy.failures()).isEqualTo(1);

        failTimes(10);
        policy.connected(20_000);
        policy.dropped(79_999);
        assertThat(policy.failures()).as("one that lived for less than a minute").isEqualTo(12);

        policy.connected(100_000);
        policy.dropped(160_000);
        assertThat(policy.failures()).isEqualTo(1);
    }

    @Test
    void staysAwayAsLongAsTheServerAsksAndSpreadsTheReturn() {
        long first = policy.failed(20_000);
        long second = new ReconnectPolicy(new Random(8)).failed(20_000);

        assertThat(first).isGreaterThanOrEqualTo(20_000);
        assertThat(second).isGreaterThanOrEqualTo(20_000).isNotEqualTo(first);
    }

    @Test
    void doesNotBelieveAbsurdHints() {
        policy.window(Long.MAX_VALUE);
        policy.limits(Long.MAX_VALUE, Long.MAX_VALUE);

        assertThat(policy.windowMillis()).isLessThanOrEqualTo(600_000);
        assertThat(policy.failed(Long.MAX_VALUE)).as("an hour, and a tenth to spread")
                .isBetween(3_600_000L, 3_960_000L);
        for (int i = 0; i < 50; i++) {
            assertThat(policy.failed(0)).isBetween(0L, 3_600_000L);
        }
        policy.limits(-5, -5);
        assertThat(policy.failed(-1)).isGreaterThanOrEqualTo(0);
    }

    @Test
    void takesBaseAndCapFromTheDispatcher() {
        policy.limits(100, 400);
        policy.failed(0);
        for (int i = 0; i < 100; i++) {
            assertThat(policy.failed(0)).isBetween(100L, 400L);
        }
    }

    @Test
    void anotherNetworkBypassesTheBackoffOnceInThirtySeconds() {
        failTimes(10);
        assertThat(policy.bypass(0)).isBetween(500L, 1_500L);
        assertThat(policy.bypass(10_000)).isBetween(20_500L, 21_500L);
        assertThat(policy.bypass(20_000)).as("the same one").isBetween(10_500L, 11_500L);
        assertThat(policy.bypass(30_000)).as("the one after it").isBetween(30_500L, 31_500L);
        policy.foreground(true);
        assertThat(policy.bypass(90_000)).isBetween(250L, 750L);
        assertThat(policy.failures()).isEqualTo(10);
    }

    private void failTimes(int times) {
        for (int i = 0; i < times; i++) {
            policy.failed(0);
        }
    }
}
