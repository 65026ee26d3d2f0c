package io.longwire.keeper.agent;

import io.longwire.cli.LongwireCli;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives for tests. */
public final class Made {
    private Made() {
    }

    /** A version whose program is the one that stands for the platform here. */
    public static Path version(Path file) throws IOException {
        Path jar = file.resolveSibling("program.jar");
        zip(jar, Map.of("io/longwire/cli/LongwireCli.class", program()));
        return zip(file, Map.of("lib/program.jar", Files.readAllBytes(jar), "NOTICE", new byte[]{1}));
    }

    /** An unpacked one. */
    public static Path unpacked(Path directory) throws IOException {
        Path lib = Files.createDirectories(directory.resolve("lib"));
        zip(lib.resolve("program.jar"), Map.of("io/longwire/cli/LongwireCli.class", program()));
        return directory;
    }

    /** A zip file with these entries. */
    public static Path zip(Path file, Map<String, byte[]> entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(file); var zip = new ZipOutputStream(out)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    private static byte[] program() throws IOException {
        try (InputStream in = Objects.requireNonNull(LongwireCli.class.getResourceAsStream("LongwireCli.class"))) {
            return in.readAllBytes();
        }
    }
}
