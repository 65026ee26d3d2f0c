package io.longwire.keeper.server;

import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class KeeperConfigTest {
    @Test
    void aRegisterThatVanishedKeepsItsSlotsForTenSecondsUnlessToldOtherwise() {
        assertThat(KeeperConfig.read(ConfigNode.of(Map.of())).holdDown()).isEqualTo(Duration.ofSeconds(10));
        assertThat(KeeperConfig.read(ConfigNode.of(Map.of("holdDown", "3s"))).holdDown())
                .isEqualTo(Duration.ofSeconds(3));
    }
}
