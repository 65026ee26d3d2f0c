package io.longwire.register;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RegisterConfigTest {
    @Test
    void hasDefaults() {
        assertThat(RegisterConfig.read(ConfigNode.empty()))
                .isEqualTo(new RegisterConfig(50_000_000, Duration.ofSeconds(30), Duration.ofSeconds(5)));
    }

    @Test
    void readsWhatIsGiven() {
        var node = ConfigNode.of(Map.of("maxSessions", "300_000_000", "completeAfter", "45s", "handOver", "0"));

        assertThat(RegisterConfig.read(node))
                .isEqualTo(new RegisterConfig(300_000_000, Duration.ofSeconds(45), Duration.ZERO));
        node.finish();
    }

    @Test
    void refusesValuesOutOfTheirRules() {
        assertThatThrownBy(() -> RegisterConfig.read(ConfigNode.of(Map.of("maxSessions", 5))))
                .isInstanceOf(ConfigException.class)
                .hasMessage("maxSessions: 5 (expected: a whole number from 1000 to 1000000000)");
        assertThatThrownBy(() -> RegisterConfig.read(ConfigNode.of(Map.of("completeAfter", "soon"))))
                .isInstanceOf(ConfigException.class).hasMessageStartingWith("completeAfter: soon (expected: ");
    }
}
