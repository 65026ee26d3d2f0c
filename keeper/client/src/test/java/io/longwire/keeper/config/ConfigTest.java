package io.longwire.keeper.config;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ConfigTest {
    private static final String FILE = """
            listen: tcp://127.0.0.1:5222
            limits:
              firstFrame: 4KB
              idle: 90s
            shards:
              - url: a
              - url: b
            """;

    @Test
    void readsValuesWithTheirUnits() {
        ConfigNode root = YamlFile.of("room.yaml", FILE).root();

        assertThat(root.text("listen")).isEqualTo("tcp://127.0.0.1:5222");
        List<Long> limits = root.node("limits", n -> List.of(n.bytes("firstFrame", "1KB", "1", "64KB"),
                n.duration("idle", "1s", "1s", "10m").toMillis()));
        assertThat(limits).containsExactly(4096L, 90_000L);
        assertThat(root.nodes("shards", n -> n.text("url"))).containsExactly("a", "b");
        assertThat(root.duration("other", "15s", "1s", "1m")).isEqualTo(Duration.ofSeconds(15));
        root.finish();
        assertThat(YamlFile.print(root.effective())).contains("other: 15s").contains("- url: a");
    }

    @Test
    void namesThePlaceOfAWrongValue() {
        ConfigNode root = YamlFile.of("room.yaml", FILE).root();

        assertThatThrownBy(() -> root.node("limits", n -> n.duration("idle", "1s", "1s", "1m")))
                .isInstanceOf(ConfigException.class).hasMessage("room.yaml:4:3: limits.idle: 90s"
                        + " (expected: a duration from 1s to 1m such as 500ms, 15s, 24h)");
        assertThatThrownBy(() -> root.nodes("shards", n -> n.integer("url", 1, 1, 2)))
                .hasMessageStartingWith("room.yaml:6:5: shards[0].url: a (expected: a whole number");
    }

    @Test
    void namesThePlaceOfAnUnknownKeyAndTheNearestKnownOne() {
        ConfigNode root = YamlFile.of("room.yaml", "limits:\n  idel: 90s\n").root();
        root.node("limits", n -> n.duration("idle", "1s", "1s", "1m"));

        assertThatThrownBy(root::finish).hasMessage(
                "room.yaml:2:3: limits.idel: unknown key (expected: one of idle); did you mean idle?");
    }

    @Test
    void namesLineAndColumnOfBadYaml() {
        assertThatThrownBy(() -> YamlFile.of("room.yaml", "a: 1\nb: [1, 2\nc: 3\n"))
                .isInstanceOf(ConfigException.class).hasMessageStartingWith("room.yaml:3:")
                .hasMessageEndingWith("(expected: YAML)");
        assertThatThrownBy(() -> YamlFile.of("room.yaml", "a: 1\na: 2\n"))
                .hasMessage("room.yaml:2:1: a (expected: each key once)");
        assertThatThrownBy(() -> YamlFile.of("room.yaml", "- 1\n"))
                .hasMessage("room.yaml:1:1: a file (expected: a mapping of keys to values)");
    }

    @Test
    void boundsWhatAFileMayHold() {
        String bomb = """
                a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]
                b: &b [*a, *a, *a, *a, *a, *a, *a, *a]
                c: &c [*b, *b, *b, *b, *b, *b, *b, *b]
                d: &d [*c, *c, *c, *c, *c, *c, *c, *c]
                e: [*d, *d, *d, *d, *d, *d, *d, *d]
                """;

        assertThatThrownBy(() -> YamlFile.of("room.yaml", bomb)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("20000 values");
    }

    @Test
    void laysOneValueOverTheFile() {
        ConfigNode root = YamlFile.of("room.yaml", FILE).set("limits.idle=5s").set("more.deep=7").root();

        Duration idle = root.node("limits", n -> n.duration("idle", "1s", "1s", "1m"));
        assertThat(idle).isEqualTo(Duration.ofSeconds(5));
        assertThatThrownBy(() -> root.node("more", n -> n.integer("deep", 1, 1, 5)))
                .hasMessage("--set: more.deep: 7 (expected: a whole number from 1 to 5)");
        assertThatThrownBy(() -> YamlFile.of("room.yaml", FILE).set("nonsense"))
                .hasMessage("--set: nonsense (expected: key.path=value)");
        assertThatThrownBy(() -> YamlFile.of("room.yaml", FILE).set("listen.x=1"))
                .hasMessage("--set: listen.x (expected: listen to be a mapping)");
    }
}
