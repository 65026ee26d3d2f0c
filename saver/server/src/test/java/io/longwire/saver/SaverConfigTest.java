package io.longwire.saver;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class SaverConfigTest {
    private static final Map<String, Object> SHARD = Map.of("url", "jdbc:mysql://db:3306/longwire", "password", "p");

    @Test
    void hasDefaultsForAllButTheLedger() {
        SaverConfig config = SaverConfig.read(ConfigNode.of(Map.of("shards", List.of(SHARD))));

        assertThat(config.redis().nodes()).containsExactly("127.0.0.1:6379");
        assertThat(config.redis().timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.shards()).singleElement().satisfies(shard -> assertThat(shard.user()).isEqualTo("longwire"));
        assertThat(config.toString()).doesNotContain("password=p");
    }

    @Test
    void namesPlaceValueAndRuleOfAMistake() {
        assertThatThrownBy(() -> SaverConfig.read(ConfigNode.empty())).isInstanceOf(ConfigException.class)
                .hasMessage("shards: [] (expected: at least one of url, user, password)");
        assertThatThrownBy(() -> read("redis", Map.of("nodes", List.of("nowhere"))))
                .hasMessage("redis.nodes: nowhere (expected: host:port)");
        assertThatThrownBy(() -> read("redis", Map.of("nodes", List.of("a:1", "b:2"))))
                .hasMessageContaining("one host:port, or some of a cluster with cluster: true");
        assertThatThrownBy(() -> read("shards", List.of(Map.of("url", "postgres://x"))))
                .hasMessage("shards[0].url: postgres://x (expected: jdbc:mysql://host:port/database)");
    }

    private static SaverConfig read(String key, Object value) {
        return SaverConfig.read(ConfigNode.of(key.equals("shards")
                ? Map.of(key, value)
                : Map.of("shards", List.of(SHARD), key, value)));
    }
}
