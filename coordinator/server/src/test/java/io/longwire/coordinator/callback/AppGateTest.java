package io.longwire.coordinator.callback;

import io.longwire.coordinator.callback.CallbackConfig.BreakerConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class AppGateTest {
    private final AppGate.Places places = new AppGate.Places(3);
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

    private AppGate gate() {
        return new AppGate(8, places,
                new Breaker(new BreakerConfig(3, Duration.ofSeconds(1), Duration.ofSeconds(1))), Runnable::run);
    }
}
