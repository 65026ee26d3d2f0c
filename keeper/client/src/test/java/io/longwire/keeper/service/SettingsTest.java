package io.longwire.keeper.service;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.metrics.RuntimeMetric;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class SettingsTest {
    private final PrometheusMetrics metrics = new PrometheusMetrics();

    @Test
    void takesOverAChangeThatIsRight() {
        Settings<TestPart.Config> settings = settings("size: 7");
        Live<Integer> size = settings.live(TestPart.Config::size);
        var told = new ArrayList<Integer>();
        size.onChange(told::add);

        settings.reload(() -> YamlFile.of("part.yaml", "size: 8").root(), metrics);
        settings.reload(() -> YamlFile.of("part.yaml", "size: 8\nservice: {idc: other}").root(), metrics);

        assertThat(size.get()).isEqualTo(8);
        assertThat(told).containsExactly(8);
        assertThat(settings.service().idc()).as("only at the next start").isEqualTo("local");
        assertThat(metrics.counter(RuntimeMetric.CONFIG_RELOADS).count()).isEqualTo(2);
    }

    @Test
    void keepsWhatItHasWhenTheChangeIsWrong() {
        Settings<TestPart.Config> settings = settings("size: 7");
        Live<Integer> size = settings.live(TestPart.Config::size);

        settings.reload(() -> YamlFile.of("part.yaml", "size: 8\nsiez: 9").root(), metrics);
        settings.reload(() -> YamlFile.of("part.yaml", "size: 101").root(), metrics);

        assertThat(size.get()).isEqualTo(7);
        assertThat(metrics.counter(RuntimeMetric.CONFIG_REFUSED).count()).isEqualTo(2);
    }

    @Test
    void refusesKeysNobodyKnows() {
        assertThatThrownBy(() -> settings("service: {zokeeper: x}")).isInstanceOf(ConfigException.class)
                .hasMessageContaining("part.yaml:1:11: service.zokeeper: unknown key")
                .hasMessageContaining("did you mean zookeeper?");
    }

    @Test
    void laysLayersOverItsFileAndSaysWhatWaitsForARestart() {
        Settings<TestPart.Config> settings = settings("size: 7");
        Live<Integer> size = settings.live(TestPart.Config::size);

        assertThat(settings.lay(() -> layer("size: 9"), metrics)).isEmpty();
        assertThat(size.get()).isEqualTo(9);
        assertThat(settings.waiting()).as("nothing says that it is hot").containsExactly("size");
        settings.reload(() -> YamlFile.of("part.yaml", "size: 8").root(), metrics);
        assertThat(size.get()).as("the layer lies over each new file, too").isEqualTo(9);

        assertThat(settings.lay(() -> layer("size: 900"), metrics)).hasValueSatisfying(
                why -> assertThat(why).startsWith("cluster:1:1: size: 900 (expected: "));
        assertThat(size.get()).isEqualTo(9);
        assertThat(settings.lay(List::of, metrics)).isEmpty();
        assertThat(size.get()).isEqualTo(8);
        settings.reload(() -> YamlFile.of("part.yaml", "size: 7").root(), metrics);
        assertThat(settings.waiting()).as("it is what it started with").isEmpty();
    }

    @Test
    void setsNothingLiveIfOneOfItsPartsCannotBeMade() {
        Settings<TestPart.Config> settings = settings("size: 7");
        Live<Integer> size = settings.live(TestPart.Config::size);
        settings.live((TestPart.Config config) -> {
            if (config.size() == 9) {
                throw new ConfigException("size: 9 (expected: another)");
            }
            return config.size();
        });

        assertThat(settings.lay(() -> layer("size: 9"), metrics)).hasValue("size: 9 (expected: another)");
        assertThat(size.get()).isEqualTo(7);
        assertThat(settings.config().size()).isEqualTo(7);
    }

    @Test
    void readsLayersForAKeeperAndKeepsNothing() {
        Settings<TestPart.Config> settings = settings("size: 7");

        settings.check(layer("size: 9"));
        assertThatThrownBy(() -> settings.check(layer("size: 900"))).hasMessageStartingWith("cluster:1:1: size: 900");

        assertThat(settings.config().size()).isEqualTo(7);
    }

    @Test
    void letsNoLayerTouchWhatIsOfTheProcessAlone() {
        Settings<TestPart.Config> settings = settings("size: 7\nservice: {zookeeper: 'zk1:2181', weight: 50}");

        assertThat(settings.lay(() -> layer("service:\n  # weight: 20\n"), metrics)).as("says nothing").isEmpty();
        for (String yaml : List.of("service: {zookeeper: }", "service: {zookeeper: 'zk2:2181'}", "service: {name: x}",
                "service: {dataDir: data2}")) {
            assertThat(settings.lay(() -> layer(yaml), metrics)).as(yaml).hasValueSatisfying(
                    why -> assertThat(why).startsWith("cluster:1:").contains("not here (expected: "));
            assertThatThrownBy(() -> settings.check(layer(yaml))).as(yaml).isInstanceOf(ConfigException.class);
            assertThatThrownBy(() -> Settings.of(YamlFile.of("part.yaml", "service: {zookeeper: 'zk1:2181'}").root(),
                    version(yaml), TestPart.reader())).as(yaml).isInstanceOf(ConfigException.class);
        }

        var begun = Settings.of(YamlFile.of("part.yaml", "service: {zookeeper: 'zk1:2181', weight: 50}").root(),
                version("service:\n"), TestPart.reader());
        assertThat(begun.service().zookeeper()).isEqualTo("zk1:2181");
        assertThat(begun.service().weight()).isEqualTo(50);
    }

    @Test
    void refusesWhatAReaderStumblesOver() {
        var settings = new Settings<Path>(YamlFile.of("part.yaml", "key: a.pem").root(),
                root -> Path.of(root.text("key", "none")));

        assertThat(settings.lay(() -> layer("key: \"\\0\""), metrics)).hasValueSatisfying(
                why -> assertThat(why).contains("InvalidPathException").contains("(expected: "));
        assertThatThrownBy(() -> settings.check(layer("key: \"\\0\""))).isInstanceOf(ConfigException.class);
    }

    @Test
    void laysTheOldValuesBackIfAListenerCannotTakeTheNewOnes() {
        Settings<TestPart.Config> settings = settings("size: 7");
        Live<Integer> size = settings.live(TestPart.Config::size);
        Live<Integer> twice = settings.live((TestPart.Config config) -> 2 * config.size());
        twice.onChange(value -> {
            if (value == 18) {
                throw new IllegalStateException("no room for 18");
            }
        });

        assertThat(settings.lay(() -> layer("size: 9"), metrics)).hasValueSatisfying(
                why -> assertThat(why).contains("no room for 18"));

        assertThat(size.get()).isEqualTo(7);
        assertThat(twice.get()).isEqualTo(14);
        assertThat(settings.config().size()).isEqualTo(7);
        assertThat(settings.lay(() -> layer("size: 8"), metrics)).isEmpty();
        assertThat(size.get()).isEqualTo(8);
    }

    private static ConfigVersion version(String yaml) {
        return ConfigVersion.newBuilder().setNumber(7).addLayers(ConfigLayer.newBuilder().setYaml(yaml)).build();
    }

    private static List<YamlFile> layer(String yaml) {
        return List.of(YamlFile.of("cluster", yaml));
    }

    @Test
    void printsNoPasswords() {
        var settings = new Settings<String>(
                YamlFile.of("part.yaml", "database: {password: geheim, url: 'redis://u:geheim@host'}").root(),
                root -> root.node("database", n -> n.text("password") + n.text("url")));

        assertThat(settings.print()).contains("password: '***'").contains("redis://***@host")
                .doesNotContain("geheim");
    }

    private static Settings<TestPart.Config> settings(String yaml) {
        return new Settings<>(YamlFile.of("part.yaml", yaml).root(), TestPart.reader());
    }
}
