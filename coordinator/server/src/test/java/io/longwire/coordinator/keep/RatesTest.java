package io.longwire.coordinator.keep;

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

    private Rates rates(int perEndpoint, int perApp) {
        return new Rates(new KeepConfig(1 << 20, 4, Duration.ofDays(3), perEndpoint, perApp, 100), coordinators::get,
                clock);
    }
}
