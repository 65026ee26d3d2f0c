package io.longwire.keeper.agent;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.trust.SigningKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class AgentConfigTest {
    private final SigningKey keeper = SigningKey.generate();
    private final SigningKey operator = SigningKey.generate();

    @Test
    void hasAListOfKeysForOrdersAndOneForVersions() {
        AgentConfig config = read(List.of(keeper.publicText()), List.of(operator.publicText()));
        assertThat(config.orders().knows(keeper.id())).isTrue();
        assertThat(config.orders().knows(operator.id())).isFalse();
        assertThat(config.versions().knows(operator.id())).isTrue();
        assertThat(config.versions().knows(keeper.id())).isFalse();
    }

    @Test
    void refusesOneKeyForBoth() {
        assertThatThrownBy(() -> read(List.of(keeper.publicText()), List.of(keeper.publicText())))
                .isInstanceOf(ConfigException.class).hasMessageContaining("another key than under orders");
    }

    @Test
    void refusesOneKeyForBothHoweverItIsWritten() {
        String bare = keeper.publicText().replace("=", "");
        assertThat(bare).isNotEqualTo(keeper.publicText());
        assertThatThrownBy(() -> read(List.of(keeper.publicText()), List.of(operator.publicText(), bare)))
                .isInstanceOf(ConfigException.class).hasMessageContaining(bare)
                .hasMessageContaining("another key than under orders");
        assertThatThrownBy(() -> read(List.of(bare), List.of(keeper.publicText())))
                .isInstanceOf(ConfigException.class).hasMessageContaining("another key than under orders");
    }

    @Test
    void refusesAProcessOfItsOwnName() {
        assertThatThrownBy(() -> AgentConfig.read(ConfigNode.of(Map.of("host", "h1", "trusted", Map.of(), "processes",
                List.of(Map.of("name", "agent", "part", "room", "config", "/etc/longwire/agent.yaml"))))))
                .isInstanceOf(ConfigException.class).hasMessageContaining("another one: its unit");
    }

    private static AgentConfig read(List<String> orders, List<String> versions) {
        return AgentConfig.read(ConfigNode.of(Map.of("host", "h1", "trusted",
                Map.of("orders", orders, "versions", versions))));
    }
}
