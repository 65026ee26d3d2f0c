package io.longwire.keeper.service;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.ConfigReader;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.config.LiveValue;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.RuntimeMetric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration of a running service. A changed file is read and checked as a whole before any of it counts; what
 * the part has asked for as live is replaced, the rest keeps its value until the next start.
 */
final class Settings<C> {
    private static final Logger LOG = LoggerFactory.getLogger(Settings.class);

    private final ConfigReader<C> reader;
    private final List<Projection<C, ?>> projections = new CopyOnWriteArrayList<>();
    private volatile Map<String, Object> effective;
    private volatile C config;
    private final ServiceConfig service;

    private record Projection<C, T>(Function<? super C, T> part, LiveValue<T> value) {
        void update(C config) {
            value.set(part.apply(config));
        }
    }

    /** Throws ConfigException for the first mistake. */
    Settings(ConfigNode root, ConfigReader<C> reader) {
        this.reader = reader;
        this.service = root.node("service", ServiceConfig::read);
        this.config = reader.read(root);
        root.finish();
        this.effective = root.effective();
    }

    ServiceConfig service() {
        return service;
    }

    C config() {
        return config;
    }

    <T> Live<T> live(Function<? super C, T> part) {
        var value = new LiveValue<T>(part.apply(config));
        projections.add(new Projection<>(part, value));
        return value;
    }

    /** Reads the source again; a mistake leaves everything as it is. The configuration's thread. */
    void reload(Supplier<ConfigNode> source, Metrics metrics) {
        try {
            ConfigNode root = source.get();
            ServiceConfig changed = root.node("service", ServiceConfig::read);
            C fresh = reader.read(root);
            root.finish();
            config = fresh;
            effective = root.effective();
            projections.forEach(projection -> projection.update(fresh));
            metrics.counter(RuntimeMetric.CONFIG_RELOADS).increment();
            LOG.info("configuration reloaded{}",
                    changed.equals(service) ? "" : "; what changed under service: counts from the next start on");
        } catch (ConfigException wrong) {
            metrics.counter(RuntimeMetric.CONFIG_REFUSED).increment();
            LOG.warn("changed configuration refused, the one before stays: {}", wrong.getMessage());
        }
    }

    /** What is in force, as YAML, passwords left out. */
    String print() {
        return YamlFile.print(masked(effective));
    }

    private static Map<String, Object> masked(Map<?, ?> values) {
        var copy = new LinkedHashMap<String, Object>();
        values.forEach((key, value) -> copy.put(String.valueOf(key), masked(String.valueOf(key), value)));
        return copy;
    }

    private static Object masked(String key, Object value) {
        if (key.toLowerCase(Locale.ROOT).contains("password")) {
            return String.valueOf(value).isEmpty() ? "" : "***";
        }
        return switch (value) {
            case Map<?, ?> map -> masked(map);
            case List<?> list -> list.stream().map(item -> masked(key, item)).toList();
            case String text -> text.replaceAll("//[^/@\\s]*@", "//***@");
            default -> value;
        };
    }
}
