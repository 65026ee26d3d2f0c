package io.longwire.keeper.service;

import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.ConfigReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Starts parts in this JVM for tests. */
public final class TestPart {
    /** A configuration of a part with one key. */
    public record Config(int size) {
        static Config read(ConfigNode node) {
            return new Config(node.integer("size", 5, 1, 100));
        }
    }

    private TestPart() {
    }

    public static Service start(String part, String zookeeper, Path data, Wiring<Config> wiring,
            Map<String, Object> more) {
        return Service.start(part, node(zookeeper, data, more), reader(), wiring, HaltPoints.none());
    }

    static ConfigReader<Config> reader() {
        return Config::read;
    }

    static ConfigNode node(String zookeeper, Path data, Map<String, Object> more) {
        var service = new TreeMap<String, Object>(Map.of("zookeeper", zookeeper, "dataDir", data.toString(), "session",
                "3s", "drain", "1s"));
        service.putAll(more);
        return ConfigNode.of(Map.of("service", service));
    }
}
