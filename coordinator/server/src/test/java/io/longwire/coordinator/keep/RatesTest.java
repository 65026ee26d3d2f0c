package io.longwire.coordinator.keep;

import io.longwire.coordinator.CoordinatorConfig;
import io.longwire.testkit.config.RunningConfig;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class RatesTest {
    private final VirtualClock clock = new VirtualClock();
    private final AtomicInteger coordinators = new AtomicInteger(1);

    @Test
    void slowsTheEndpointThatSendsTooMuchAndNoOther() {
        var rates = rates(2, 1_000);
        int passed = 0;
        while (rates.take(1, 7) == 0) {
            passed++;
        }
        assertThat(passed).isEqualTo(10);
        assertThat(rates.take(1, 7)).isBetween(1L, 501L);
        assertThat(rates.take(2, 7)).isZero();

        clock.advance(Duration.ofMillis(500));
        assertThat(rates.take(1, 7)).isZero();
    }

    @Test
    void givesEachCoordinatorItsShareOfAnApp() {
        coordinators.set(4);
        var rates = rates(100, 40);
        int passed = 0;
        for (long endpoint = 1; rates.take(endpoint, 7) == 0; endpoint++) {
            passed++;
        }
        assertThat(passed).isEqualTo(10);
        assertThat(rates.take(1, 8)).as("another app").isZero();
    }

    @Test
    void takesOverAnotherRateAndKeepsItWhenTheNextIsWrong() {
        var config = new RunningConfig<>("keep: {endpointPerSecond: 2, appPerSecond: 1000}", CoordinatorConfig::read);
        var rates = new Rates(config.live(CoordinatorConfig::keep)::get, coordinators::get, clock);
        assertThat(passing(rates)).isEqualTo(10);

        assertThat(config.lay("keep: {endpointPerSecond: 4, appPerSecond: 7}")).isEmpty();
        clock.advance(Duration.ofMinutes(2));
        assertThat(passing(rates)).as("the app's rate is below five seconds of the endpoint's").isEqualTo(7);

        assertThat(config.lay("keep: {endpointPerSecond: 0}")).hasValueSatisfying(why -> assertThat(why)
                .contains("keep.endpointPerSecond: 0 (expected: a whole number from 1 to 10000)"));
        clock.advance(Duration.ofMinutes(2));
        assertThat(passing(rates)).isEqualTo(7);
        assertThat(config.waiting()).isEmpty();
    }

    private static int passing(Rates rates) {
        int passed = 0;
        while (rates.take(1, 7) == 0) {
            passed++;
        }
        return passed;
    }

    private Rates rates(int perEndpoint, int perApp) {
        var keep = new KeepConfig(1 << 20, 4, Duration.ofDays(3), perEndpoint, perApp, 100);
        return new Rates(() -> keep, coordinators::get, clock);
    }
}
