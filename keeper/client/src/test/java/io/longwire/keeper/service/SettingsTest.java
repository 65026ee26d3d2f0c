package io.longwire.keeper.service;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.metrics.RuntimeMetric;
import java.util.ArrayList;
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
