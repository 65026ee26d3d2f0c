package io.longwire.bench.rig;

import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/**
 * The directory of a deployment: secrets, the configuration and log of each part.
 *
 * @param adminKey the operator's key
 */
public record Deployment(Path home, Path secrets, String adminKey) {
    /** The one in the directory, with new secrets if it has none. */
    static Deployment in(Path home) {
        Path secrets = home.resolve("secrets.yaml");
        Path kept = home.resolve("admin-key");
        try {
            Files.createDirectories(home);
            if (!Files.exists(secrets)) {
                Files.writeString(kept, SecretsFile.create(secrets));
            }
            return new Deployment(home, secrets, Files.readString(kept).strip());
        } catch (IOException failed) {
            throw new StartFailure(home + ": " + failed.getMessage(), failed);
        }
    }

    Path log(String name) {
        return home.resolve(name + ".log");
    }

    /** What every part has under {@code service:}. */
    Map<String, Object> service(String name, String zookeeper) {
        return Map.of("zookeeper", zookeeper, "dataDir", home.resolve(name).toString(), "secrets", secrets.toString(),
                "drain", "1s");
    }

    /** Writes the configuration of a part and returns its file. */
    Path configure(String name, String zookeeper, Map<String, ?> own) {
        var config = new LinkedHashMap<String, Object>();
        config.put("service", service(name, zookeeper));
        config.putAll(own);
        Path file = home.resolve(name + ".yaml");
        try {
            Files.writeString(file, new Yaml().dump(config));
        } catch (IOException full) {
            throw new StartFailure(file + ": not written", full);
        }
        return file;
    }
}
