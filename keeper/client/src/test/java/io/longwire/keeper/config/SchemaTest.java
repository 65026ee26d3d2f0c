package io.longwire.keeper.config;

import io.longwire.rpc.keeper.ConfigKey;
import io.longwire.rpc.keeper.ConfigMark;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

/** What a configuration says of itself, and what layers do to it. */
final class SchemaTest {
    private static final String FILE = """
            size: 7
            limits:
              idle: 90s
              burst: 3
            allow: [a, b]
            listen:
              - {name: one, port: 1}
              - {name: two, port: 2}
            """;

    @Test
    void isWhatItsReaderAsksFor() {
        ConfigNode root = read(ConfigNode.empty());

        assertThat(root.schema()).extracting(ConfigKey::getPath).containsExactly("size", "limits", "limits.idle",
                "limits.burst", "allow", "listen", "listen[].name", "listen[].port");
        ConfigKey size = root.schema().getFirst();
        assertThat(size.getType()).isEqualTo(ConfigKey.Type.WHOLE);
        assertThat(size.getDefaultValue()).isEqualTo("5");
        assertThat(size.getMin() + ".." + size.getMax()).isEqualTo("1..100");
        assertThat(size.getMark()).isEqualTo(ConfigMark.HOT);
        assertThat(size.getSentence()).isEqualTo("how large it is");
        ConfigKey idle = root.schema().get(2);
        assertThat(idle.getUnit()).isEqualTo("500ms, 15s, 24h");
        assertThat(idle.getMark()).as("nothing said: it counts from the next start on").isEqualTo(ConfigMark.RESTART);
        assertThat(root.schema().get(6).getRequired()).as("asked for without a default").isTrue();
    }

    @Test
    void doesNotDependOnWhatIsGiven() {
        assertThat(read(YamlFile.of("room.yaml", FILE).root()).schema()).isEqualTo(read(ConfigNode.empty()).schema());
    }

    @Test
    void tellsOfSentencesForKeysThatNobodyReads() {
        ConfigNode root = ConfigNode.empty();
        root.about("siez hot how large it is");
        root.integer("size", 5, 1, 100);

        assertThat(root.neverAsked()).containsExactly("siez");
        assertThatThrownBy(() -> root.about("size warm how large it is")).hasMessageContaining("key, mark, sentence");
    }

    @Test
    void layersMergeMappingsAndReplaceLists() {
        ConfigNode root = read(YamlFile.of("room.yaml", FILE).root().under(List.of(
                YamlFile.of("cluster", "limits: {idle: 30s}\nallow: [c]\n"),
                YamlFile.of("instance room-0", "size: 9\nlisten: [{name: three}]\n"))));

        assertThat(root.inForce()).extracting(ConfigValue::path, ConfigValue::value, ConfigValue::place)
                .containsExactly(row("size", "9", "instance room-0:1:1"), row("limits.idle", "30s", "cluster:1:10"),
                        row("limits.burst", "3", "room.yaml:4:3"), row("allow", "[c]", "cluster:2:1"),
                        row("listen[0].name", "three", "instance room-0:2:11"), row("listen[0].port", "0", ""));
    }

    @Test
    void theCommandLineStandsAboveAllLayers() {
        ConfigNode root = read(YamlFile.of("room.yaml", FILE).set("size=3").root()
                .under(List.of(YamlFile.of("cluster", "size: 9\n"))));

        assertThat(root.inForce().getFirst()).isEqualTo(new ConfigValue("size", "3", "--set", true));
    }

    @Test
    void anEmptyValueIsTheDefaultAgain() {
        ConfigNode root = read(YamlFile.of("room.yaml", FILE).root()
                .under(List.of(YamlFile.of("cluster", "size:\n"))));

        assertThat(root.inForce().getFirst()).isEqualTo(new ConfigValue("size", "5", "", false));
    }

    @Test
    void anEmptyMappingChangesNothing() {
        ConfigNode root = read(YamlFile.of("room.yaml", FILE).root()
                .under(List.of(YamlFile.of("cluster", "limits:\n  # idle: 30s\n"))));

        assertThat(root.inForce()).extracting(ConfigValue::path, ConfigValue::value, ConfigValue::place)
                .contains(row("limits.burst", "3", "room.yaml:4:3"));
    }

    @Test
    void aMistakeInALayerNamesTheLayer() {
        ConfigNode root = YamlFile.of("room.yaml", FILE).root().under(List.of(YamlFile.of("cluster",
                "limits:\n  idle: 90\n")));

        assertThatThrownBy(() -> read(root)).hasMessageStartingWith("cluster:2:3: limits.idle: 90 (expected: ");
    }

    @Test
    void aNodeCanBeLaidOverAgainAndAgain() {
        ConfigNode file = YamlFile.of("room.yaml", FILE).root();

        read(file.under(List.of(YamlFile.of("cluster", "limits: {idle: 30s}"))));

        assertThat(read(file.under(List.of())).inForce()).extracting(ConfigValue::value).contains("90s");
    }

    private static Tuple row(Object... cells) {
        return tuple(cells);
    }

    private static ConfigNode read(ConfigNode root) {
        root.about("""
                size   hot   how large it is
                allow  drain who may come
                """);
        root.integer("size", 5, 1, 100);
        root.node("limits", node -> node.duration("idle", "1m", "1s", "10m").toString()
                + node.integer("burst", 1, 1, 10));
        root.texts("allow", List.of());
        root.nodes("listen", node -> node.text("name") + node.integer("port", 0, 0, 65535));
        root.finish();
        return root;
    }
}
