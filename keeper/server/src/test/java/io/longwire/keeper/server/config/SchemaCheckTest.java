package io.longwire.keeper.server.config;

import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.follow.Mistakes;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigSchema;
import io.longwire.rpc.keeper.ConfigScope;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class SchemaCheckTest {
    private static final ConfigSchema SCHEMA = schema();

    @Test
    void takesALayerThatIsRight() {
        assertThat(check("""
                size: 7
                pause: 20ms
                body: 64KB
                kind: slow-one
                on: true
                limits: {idle: 90s}
                allow: [10.0.0.0/8]
                listen:
                  - {name: a, port: 80}
                """)).isEmpty();
    }

    @Test
    void namesLineAndColumnOfBrokenYaml() {
        assertThat(check("size: 7\nallow: [1, 2\nkind: x\n")).singleElement().asString()
                .startsWith("instance room-0:3:").endsWith("(expected: YAML)");
    }

    @Test
    void suggestsTheNearestKnownKeyAndTellsAllMistakesAtOnce() {
        assertThat(check("siez: 7\nlimits:\n  idel: 90s\nlisten: [{name: a, prot: 80}]\n")).satisfiesExactly(
                one -> assertThat(one).startsWith("instance room-0:1:1: siez: unknown key").endsWith(
                        "; did you mean size?"),
                two -> assertThat(two).startsWith("instance room-0:3:3: limits.idel: unknown key (expected: one of "
                        + "idle); did you mean idle?"),
                three -> assertThat(three).startsWith("instance room-0:4:20: listen[0].prot: unknown key").endsWith(
                        "; did you mean port?"));
    }

    @Test
    void namesTheUnitsItExpects() {
        assertThat(check("pause: 5\nbody: 64kib\nsize: many\non: yes\nkind: fast\n")).containsExactly(
                "instance room-0:1:1: pause: 5 (expected: a duration from 1ms to 10s such as 500ms, 15s, 24h)",
                "instance room-0:2:1: body: 64kib (expected: a size from 1KB to 1MB such as 512, 64KB, 8MB)",
                "instance room-0:3:1: size: many (expected: a whole number from 1 to 100)",
                "instance room-0:4:1: on: yes (expected: true or false)",
                "instance room-0:5:1: kind: fast (expected: one of quick, slow-one)");
    }

    @Test
    void refusesBoundsShapesAndMissingKeys() {
        assertThat(check("size: 101\nlimits: 5\nlisten:\n  - port: 80\nallow: {a: 1}\n")).containsExactly(
                "instance room-0:1:1: size: 101 (expected: a whole number from 1 to 100)",
                "instance room-0:2:1: limits: 5 (expected: a mapping)",
                "instance room-0:4:5: listen[0].name: missing (expected: a value)",
                "instance room-0:5:1: allow: {a=1} (expected: a list of values)");
    }

    @Test
    void keepsSecretsAndWhatIsOfOneProcessOut() {
        assertThat(check("home: /tmp\nurl: redis://u:geheim@host\n")).satisfiesExactly(
                one -> assertThat(one).contains("home: not here").doesNotContain("/tmp"),
                two -> assertThat(two).contains("url: ***").doesNotContain("geheim"));
    }

    @Test
    void letsNoEmptyValueTakeAwayWhatIsOfOneProcess() {
        assertThat(check("own:\n  # gain: 3\n")).singleElement().asString().contains("own: not here");
        assertThat(check("own: {key: }\n")).singleElement().asString().contains("own.key: not here");
        assertThat(check("home:\n")).singleElement().asString().contains("home: not here");
        assertThat(check("shards: [{host: a}]\n")).as("the items of the file have passwords").singleElement().asString()
                .contains("shards: not here");
        assertThat(check("own: {gain: 3}\nlimits:\nsize:\n")).as("what is nobody's own").isEmpty();
    }

    private static List<String> check(String yaml) {
        return SchemaCheck.of(SCHEMA, List.of(ConfigLayer.newBuilder()
                .setScope(ConfigScope.newBuilder().setInstance("room-0")).setYaml(yaml).build())).stream()
                .map(Mistakes::text).toList();
    }

    private enum Kind {
        QUICK, SLOW_ONE
    }

    private static ConfigSchema schema() {
        ConfigNode root = ConfigNode.empty();
        root.about("home local where it keeps things");
        root.integer("size", 5, 1, 100);
        root.duration("pause", "5ms", "1ms", "10s");
        root.bytes("body", "64KB", "1KB", "1MB");
        root.choice("kind", Kind.QUICK);
        root.flag("on", false);
        root.text("home", "data");
        root.text("url", "");
        root.texts("allow", List.of());
        root.node("own", node -> {
            node.about("key local its own");
            return node.text("key", "") + node.integer("gain", 1, 1, 9);
        });
        root.nodes("shards", node -> {
            node.about("password local its own");
            return node.text("host", "") + node.text("password", "");
        });
        root.node("limits", node -> node.duration("idle", "1m", "1s", "10m"));
        root.nodes("listen", node -> node.text("name") + node.integer("port", 0, 0, 65535));
        return ConfigSchema.newBuilder().setPart("room").addAllKeys(root.schema()).build();
    }
}
