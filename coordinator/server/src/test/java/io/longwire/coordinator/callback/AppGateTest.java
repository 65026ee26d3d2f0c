package io.longwire.coordinator.callback;

import io.longwire.coordinator.CoordinatorConfig;
import io.longwire.coordinator.callback.CallbackConfig.BreakerConfig;
import io.longwire.keeper.config.Live;
import io.longwire.testkit.config.RunningConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class AppGateTest {
    private static final BreakerConfig RULES = new BreakerConfig(3, Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final AppGate.Places places = new AppGate.Places(() -> 3);
    private final AppGate gate = gate();
    private final AppGate other = gate();

    @Test
    void hasNoPlaceWhileTheOnesThatAreTakenHoldManyBytes() {
        gate.begin(0);
        gate.fill(3 * (64 << 10) - 1);
        assertThat(other.free(0)).isTrue();

        gate.fill(1);
        assertThat(other.free(0)).isFalse();

        gate.end(3 * (64 << 10));
        assertThat(other.free(0)).isTrue();
    }

    @Test
    void hasNoPlaceWhileAllAreTaken() {
        for (int i = 0; i < 3; i++) {
            gate.begin(0);
        }
        assertThat(other.free(0)).isFalse();

        gate.end(0);
        assertThat(other.free(0)).isTrue();
        assertThat(gate.free(0)).isTrue();
    }

    @Test
    void takesOverOtherBoundsAndKeepsThemWhenTheNextAreWrong() {
        var config = new RunningConfig<>("callbacks: {perApp: 1, maxInFlight: 2}", CoordinatorConfig::read);
        Live<CallbackConfig> live = config.live(CoordinatorConfig::callbacks);
        var all = new AppGate.Places(() -> live.get().maxInFlight());
        var one = new AppGate(() -> live.get().perApp(), all, new Breaker(() -> live.get().breaker()), Runnable::run);
        one.begin(0);
        assertThat(one.free(0)).isFalse();

        assertThat(config.lay("callbacks: {perApp: 2}")).isEmpty();
        assertThat(one.free(0)).isTrue();
        one.begin(0);
        assertThat(config.lay("callbacks: {perApp: 3}")).isEmpty();
        assertThat(one.free(0)).as("the process has no place").isFalse();
        assertThat(config.lay("callbacks: {perApp: 3, maxInFlight: 3}")).isEmpty();
        assertThat(one.free(0)).isTrue();

        assertThat(config.lay("callbacks: {perApp: 0, maxInFlight: 1}")).hasValueSatisfying(why -> assertThat(why)
                .contains("callbacks.perApp: 0 (expected: a whole number from 1 to 1000)"));
        assertThat(one.free(0)).isTrue();
        assertThat(config.waiting()).isEmpty();
    }

    private AppGate gate() {
        return new AppGate(() -> 8, places, new Breaker(() -> RULES), Runnable::run);
    }
}
