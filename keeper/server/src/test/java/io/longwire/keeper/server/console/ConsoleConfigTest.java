package io.longwire.keeper.server.console;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ConsoleConfigTest {
    @Test
    void nobodyStaysSignedInForLongerThanTwelveHours() {
        assertThat(ConsoleConfig.read(ConfigNode.of(Map.of())).session()).isEqualTo(Duration.ofHours(12));
        assertThat(ConsoleConfig.read(ConfigNode.of(Map.of("session", "12h"))).session())
                .isEqualTo(Duration.ofHours(12));
        assertThatThrownBy(() -> ConsoleConfig.read(ConfigNode.of(Map.of("session", "13h"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("session: 13h (expected: a duration from 1m to 12h");
    }
}
