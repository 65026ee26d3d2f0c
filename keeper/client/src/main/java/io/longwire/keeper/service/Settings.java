package io.longwire.keeper.service;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.ConfigReader;
import io.longwire.keeper.config.ConfigValue;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.config.LiveValue;
import io.longwire.keeper.config.Masked;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.follow.Layers;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.RuntimeMetric;
import io.longwire.rpc.keeper.ConfigKey;
import io.longwire.rpc.keeper.ConfigMark;
import io.longwire.rpc.keeper.ConfigVersion;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration of a running service: its own file, and the layers that keeper stores laid over it. A change of
 * either is read and checked as a whole before any of it counts; what the part has asked for as live is replaced, the
 * rest keeps its value until the next start. Changed by the configuration's thread, after the start; read by any.
 */
public final class Settings<C> {
    private static final Logger LOG = LoggerFactory.getLogger(Settings.class);

    private final ConfigReader<C> reader;
    private final List<Projection<C, ?>> projections = new CopyOnWriteArrayList<>();
    private final ServiceConfig service;
    private final ConfigVersion disk;
    private ConfigNode file; // guarded by this
    private List<YamlFile> layers; // guarded by this
    private volatile Read<C> current;
    private volatile Map<String, String> started = Map.of();

    /** One reading of the whole. */
    private record Read<C>(ConfigNode root, ServiceConfig service, C config) {
        static <C> Read<C> of(ConfigNode file, List<YamlFile> layers, ConfigReader<C> reader) {
            ConfigNode root = file.under(layers);
            try {
                root.about("service restart what every part has");
                ServiceConfig service = root.node("service", ServiceConfig::read);
                C config = reader.read(root);
                root.finish();
                root.keepsLocal(file);
                return new Read<>(root, service, config);
            } catch (ConfigException told) {
                throw told;
            } catch (RuntimeException broken) { // a reader's own, for a value that it did not think of
                LOG.debug("a configuration could not be read", broken);
                throw new ConfigException("configuration: " + broken + " (expected: values that can be read)");
            }
        }
    }

    private record Projection<C, T>(Function<? super C, T> part, LiveValue<T> value) {
        /** What sets it; making its value may fail, and then nothing has been set yet. */
        Runnable update(C config) {
            T fresh = part.apply(config);
            return () -> value.set(fresh);
        }
    }

    /** Throws ConfigException for the first mistake. */
    public Settings(ConfigNode file, ConfigReader<C> reader) {
        this(file, ConfigVersion.getDefaultInstance(), reader);
    }

    private Settings(ConfigNode file, ConfigVersion disk, ConfigReader<C> reader) {
        this.reader = reader;
        this.file = file;
        this.disk = disk;
        ServiceConfig own = file.under(List.of()).node("service", ServiceConfig::read);
        this.layers = Layers.of(disk.getLayersList(), own.host(), own.name());
        this.current = Read.of(file, layers, reader);
        this.service = current.service();
        wired();
    }

    /** With a version from disk over the file; throws ConfigException for the first mistake. */
    static <C> Settings<C> of(ConfigNode file, ConfigVersion disk, ConfigReader<C> reader) {
        return new Settings<>(file, disk, reader);
    }

    /** The version it was made with. */
    ConfigVersion disk() {
        return disk;
    }

    ServiceConfig service() {
        return service;
    }

    C config() {
        return current.config();
    }

    /** From here on the part works with what is in force now: what changes later and is not hot waits. */
    void wired() {
        Map<String, String> now = values(current.root());
        started.forEach((path, value) -> now.computeIfPresent(path, // the runtime itself stands since before
                (_, wired) -> path.startsWith("service.") ? value : wired));
        started = now;
    }

    /** A part of it that follows what is laid and reloaded. */
    public synchronized <T> Live<T> live(Function<? super C, T> part) {
        var value = new LiveValue<T>(part.apply(config()));
        projections.add(new Projection<>(part, value));
        return value;
    }

    /** Reads the file again; a mistake leaves everything as it is. */
    synchronized void reload(Supplier<ConfigNode> source, Metrics metrics) {
        try {
            ConfigNode fresh = source.get();
            take(Read.of(fresh, layers, reader), metrics);
            file = fresh;
        } catch (ConfigException wrong) {
            metrics.counter(RuntimeMetric.CONFIG_REFUSED).increment();
            LOG.warn("changed configuration refused, the one before stays: {}", wrong.getMessage());
        }
    }

    /** Lays these layers over the file, in place of those before; says why not, and leaves everything as it is. */
    public synchronized Optional<String> lay(Supplier<List<YamlFile>> fresh, Metrics metrics) {
        try {
            List<YamlFile> laid = fresh.get();
            take(Read.of(file, laid, reader), metrics);
            layers = laid;
            return Optional.empty();
        } catch (ConfigException wrong) {
            metrics.counter(RuntimeMetric.CONFIG_REFUSED).increment();
            return Optional.of(String.valueOf(wrong.getMessage()));
        }
    }

    /** Reads the layers as if they were laid, and keeps nothing. Throws ConfigException for the first mistake. */
    void check(List<YamlFile> laid) {
        ConfigNode base;
        synchronized (this) {
            base = file;
        }
        Read.of(base, laid, reader);
    }

    /** The keys that this part can be given, its own and those of {@code service:}. */
    List<ConfigKey> schema() {
        return current.root().schema();
    }

    /** Each value in force, passwords masked. */
    List<ConfigValue> inForce() {
        return current.root().inForce();
    }

    /** Paths whose value differs from the one the part started with, and counts from the next start on only. */
    public List<String> waiting() {
        Map<String, String> now = values(current.root());
        Map<String, ConfigMark> marks = new HashMap<>();
        schema().forEach(key -> marks.put(key.getPath(), key.getMark()));
        var waiting = new TreeSet<String>();
        var paths = new TreeSet<>(now.keySet());
        paths.addAll(started.keySet());
        for (String path : paths) {
            if (!now.getOrDefault(path, "").equals(started.getOrDefault(path, ""))
                    && marks.get(ConfigValue.schemaPath(path)) != ConfigMark.HOT) {
                waiting.add(path);
            }
        }
        return List.copyOf(waiting);
    }

    /** What is in force, as YAML, passwords left out. */
    String print() {
        return YamlFile.print(Masked.of(current.root().effective()));
    }

    private void take(Read<C> fresh, Metrics metrics) {
        Read<C> before = current;
        try {
            List<Runnable> updates = updates(fresh);
            current = fresh;
            updates.forEach(Runnable::run);
        } catch (ConfigException told) {
            back(before);
            throw told;
        } catch (RuntimeException broken) {
            LOG.warn("a changed configuration could not be taken over, the one before is laid back", broken);
            back(before);
            throw new ConfigException("configuration: " + broken + " (expected: values that the part takes over)");
        }
        metrics.counter(RuntimeMetric.CONFIG_RELOADS).increment();
        List<String> waiting = waiting();
        LOG.info("configuration reloaded{}", waiting.isEmpty()
                ? ""
                : "; from the next start on only: " + String.join(", ", waiting));
    }

    private List<Runnable> updates(Read<C> read) {
        return projections.stream().map(projection -> projection.update(read.config())).toList();
    }

    // Half of it may have been set: everybody is told the old values again.
    private void back(Read<C> before) {
        if (current.equals(before)) {
            return;
        }
        current = before;
        for (Runnable update : updates(before)) {
            try {
                update.run();
            } catch (RuntimeException again) {
                LOG.error("the values of before could not be laid back", again);
            }
        }
    }

    private static Map<String, String> values(ConfigNode root) {
        var values = new LinkedHashMap<String, String>();
        root.inForce().forEach(value -> values.put(value.path(), value.value()));
        return values;
    }
}
