package io.longwire.cli;

import io.longwire.keeper.service.StartFailure;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;

/**
 * What {@code longwire up} leaves in its data directory for the other commands: addresses and keys, readable by the
 * owner
 * only.
 *
 * @param events where a coordinator's events are consumed
 * @param keeper rpc address of a keeper
 * @param appKey of the demo app, for phones
 * @param apiKey of the demo app, for its backend
 * @param console address of the console
 * @param zookeeper connect string, where the console's users are kept
 */
public record ClientFile(String api, String dispatcher, String events, String keeper, String adminKey, String appKey,
        String apiKey, String caFile, String console, String zookeeper) { // allowed: what stands in one file
    private static final String NAME = "client.properties";

    /** What the last {@code longwire up} in this directory left. */
    public static Optional<ClientFile> read(Path data) {
        Path file = data.resolve(NAME);
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        var kept = new Properties();
        try {
            kept.load(new StringReader(Files.readString(file)));
        } catch (IOException unreadable) {
            throw new StartFailure(file + ": unreadable (expected: what `longwire up` wrote)", unreadable);
        }
        return Optional.of(new ClientFile(kept.getProperty("api", ""), kept.getProperty("dispatcher", ""),
                kept.getProperty("events", ""), kept.getProperty("keeper", ""),
                kept.getProperty("adminKey", ""), kept.getProperty("appKey", ""), kept.getProperty("apiKey", ""),
                kept.getProperty("caFile", ""), kept.getProperty("console", ""), kept.getProperty("zookeeper", "")));
    }

    /** Leaves it for the other commands. */
    public void write(Path data) {
        var kept = new Properties();
        kept.setProperty("api", api);
        kept.setProperty("dispatcher", dispatcher);
        kept.setProperty("events", events);
        kept.setProperty("keeper", keeper);
        kept.setProperty("adminKey", adminKey);
        kept.setProperty("appKey", appKey);
        kept.setProperty("apiKey", apiKey);
        kept.setProperty("caFile", caFile);
        kept.setProperty("console", console);
        kept.setProperty("zookeeper", zookeeper);
        var text = new StringWriter();
        try {
            kept.store(text, "Longwire: addresses and keys of this platform. Keep it secret.");
            Path file = data.resolve(NAME);
            Files.writeString(file, text.toString());
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException full) {
            throw new StartFailure(data + ": not writable (expected: a directory of ours)", full);
        }
    }
}
