package io.longwire.keeper.server.console;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.server.KeeperConfig;
import io.longwire.rpc.keeper.ConfigKey;
import io.longwire.rpc.keeper.ConfigMark;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ConsoleConfigTest {
    @Test
    void onlyTheHostsOwnFileSaysWhoIsLetIn() {
        ConfigNode keeper = ConfigNode.of(Map.of());
        KeeperConfig.read(keeper);

        List<ConfigKey> door = keeper.schema().stream().filter(key -> key.getPath().startsWith("console")).toList();

        assertThat(door).extracting(ConfigKey::getPath).contains("console.enabled", "console.bind", "console.port",
                "console.certificate", "console.key", "console.secureCookie", "console.adminKeyFile",
                "console.balancers", "console.session");
        assertThat(door).allSatisfy(key -> assertThat(key.getMark()).as(key.getPath()).isEqualTo(ConfigMark.LOCAL));
    }

    @Test
    void noVersionThatAnOperatorStoredOpensTheOwnersDoor() throws Exception {
        ConfigNode file = ConfigNode.of(Map.of("console", Map.of("balancers", List.of("10.0.0.1"))));
        ConfigNode laid = file.under(List.of(YamlFile.of("stored", "console: {balancers: [0.0.0.0/0]}\n")));
        KeeperConfig.read(laid);

        assertThatThrownBy(() -> laid.keepsLocal(file)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("console").hasMessageContaining("in the process's own file alone");
    }

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
