package io.longwire.cli.platform;

import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.YamlFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration of each part of a one-JVM platform, as its YAML file would say it. */
final class PartConfigs {
    /** The deployment's folder in ZooKeeper. */
    static final String NAMESPACE = "longwire";

    private final PlatformFiles files;
    private final PlatformStores stores;
    private final PlatformOptions options;

    PartConfigs(PlatformFiles files, PlatformStores stores, PlatformOptions options) {
        this.files = files;
        this.stores = stores;
        this.options = options;
    }

    Map<String, Object> keeper() {
        return part("keeper", Map.of("holdDown", "3s", "console", Map.of("enabled", true, "port",
                options.ports().console(), "adminKeyFile", files.file("admin-key").toString())));
    }

    Map<String, Object> register(int number) {
        return part("register-" + number, Map.of());
    }

    Map<String, Object> saver() {
        Map<String, Object> shard = Map.of("url", stores.mariadb().jdbcUrl(), "user", "longwire", "passwordFile",
                files.file("mysql-password").toString());
        return part("saver", Map.of("shards", List.of(shard), "redis",
                Map.of("nodes", List.of(stores.redis().host() + ":" + stores.redis().port()))));
    }

    Map<String, Object> room(int number) {
        var ports = options.ports();
        Map<String, Object> tcp = Map.of("kind", "tcp", "bind", "127.0.0.1", "port", next(ports.room(), number));
        Map<String, Object> tls = Map.of("kind", "tls", "bind", "127.0.0.1", "port", next(ports.roomTls(), number),
                "certificate", files.certificate().chain().toString(), "key", files.certificate().key().toString());
        return part("room-" + number, Map.of("listen", List.of(tcp, tls)));
    }

    Map<String, Object> center() {
        return part("center", Map.of("apiPort", options.ports().api()));
    }

    Map<String, Object> coordinator() {
        return part("coordinator", Map.of("apiPort", options.ports().coordinator(), "redis",
                Map.of("nodes", List.of(stores.events().host() + ":" + stores.events().port())), "callbacks",
                Map.of("allow", List.of("127.0.0.0/8", "::1")))); // the backends of who tries it are on this machine
    }

    Map<String, Object> dispatcher() {
        return part("dispatcher", Map.of("port", options.ports().dispatcher()));
    }

    /** The configuration as its reader takes it, with the overrides for this part. */
    static ConfigNode node(String part, Map<String, Object> config, List<String> settings) {
        var yaml = YamlFile.of(part, YamlFile.print(config));
        for (String setting : settings) {
            for (String prefix : List.of("all.", part + ".")) {
                if (setting.startsWith(prefix)) {
                    yaml.set(setting.substring(prefix.length()));
                }
            }
        }
        return yaml.root();
    }

    private static int next(int first, int number) {
        return first == 0 ? 0 : first + number;
    }

    private Map<String, Object> part(String name, Map<String, ?> own) {
        Path home = files.folder(name);
        var config = new LinkedHashMap<String, Object>();
        config.put("service",
                Map.of("name", name, "zookeeper", stores.zookeeper().connectString(), "namespace", NAMESPACE, "dataDir",
                        home.toString(),
                        "secrets", files.secrets().toString(), "drain", "0"));
        config.putAll(own);
        return config;
    }
}
