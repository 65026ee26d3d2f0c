package io.longwire.bench.endpoint;

import io.longwire.keeper.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Endpoints as lines of text: text form, id in hex, app, credential in base64, parted by tabs. Written once per
 * deployment and read by every role, so that a simulator and a load generator mean the same endpoints by the same
 * index.
 */
public final class EndpointFile {
    private EndpointFile() {
    }

    public static void write(Path file, List<BenchEndpoint> endpoints) {
        var lines = new ArrayList<String>(endpoints.size());
        for (BenchEndpoint endpoint : endpoints) {
            lines.add(endpoint.text() + '\t' + Long.toHexString(endpoint.id()) + '\t' + endpoint.appId() + '\t'
                    + Base64.getEncoder().encodeToString(endpoint.credential()));
        }
        try {
            Path whole = file.resolveSibling(file.getFileName() + ".new");
            Files.write(whole, lines);
            Files.move(whole, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException full) {
            throw new UncheckedIOException(file + ": not written", full);
        }
    }

    /** Those of the file from {@code from} on; ConfigException when it has fewer. */
    public static List<BenchEndpoint> read(Path file, int from, int count) {
        List<BenchEndpoint> all = read(file);
        if (all.size() < from + count) {
            throw new ConfigException("endpoints: " + all.size() + " in " + file + " (expected: at least "
                    + (from + count) + ")");
        }
        return all.subList(from, from + count);
    }

    /** All of the file; none if there is no file. */
    public static List<BenchEndpoint> read(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        var endpoints = new ArrayList<BenchEndpoint>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split("\t", -1);
                if (parts.length != 4) {
                    throw new ConfigException("endpoints: line " + (endpoints.size() + 1) + " of " + file
                            + " (expected: text, id, app, credential)");
                }
                endpoints.add(new BenchEndpoint(parts[0], Long.parseUnsignedLong(parts[1], 16),
                        Integer.parseInt(parts[2]), Base64.getDecoder().decode(parts[3])));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file + ": not readable", unreadable);
        }
        return List.copyOf(endpoints);
    }
}
