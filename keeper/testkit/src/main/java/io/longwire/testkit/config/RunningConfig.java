package io.longwire.testkit.config;

import io.longwire.keeper.config.ConfigReader;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.service.Settings;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The configuration of a part as its running process has it, without the process: a test makes what it tests with
 * {@link #live}, and then lays values over the file as keeper does.
 */
public final class RunningConfig<C> {
    private final Settings<C> settings;
    private final PrometheusMetrics metrics = new PrometheusMetrics();

    /** Throws ConfigException if the process would not start with it. */
    public RunningConfig(String file, ConfigReader<C> reader) {
        this.settings = new Settings<>(YamlFile.of("file", file).root(), reader);
    }

    /** A part of it that follows what is laid. */
    public <T> Live<T> live(Function<? super C, T> part) {
        return settings.live(part);
    }

    /** Lays this over the file, in place of what was laid before. Empty = taken; else why not, and nothing changes. */
    public Optional<String> lay(String yaml) {
        return settings.lay(() -> List.of(YamlFile.of("cluster", yaml)), metrics);
    }

    /** Keys whose value is another one than at the start, and which are not hot. */
    public List<String> waiting() {
        return settings.waiting();
    }
}
