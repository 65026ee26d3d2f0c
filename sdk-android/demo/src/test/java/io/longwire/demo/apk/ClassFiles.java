package io.longwire.demo.apk;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Class files by their internal names, out of jars and folders. */
final class ClassFiles {
    private static final String SUFFIX = ".class";

    private ClassFiles() {
    }

    /** Where this class comes from: a jar or a folder. */
    static Path home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException never) {
            throw new BuildFailure(type + ": " + never.getMessage() + " (expected: from a file)", never);
        }
    }

    /** All of a jar or folder, but what no phone reads: modules, packages' annotations, versions for newer Javas. */
    static SortedMap<String, byte[]> read(Path... from) throws IOException {
        SortedMap<String, byte[]> all = new TreeMap<>();
        for (Path one : from) {
            if (Files.isDirectory(one)) {
                add(all, one);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(one)) {
                    add(all, jar.getPath("/"));
                }
            }
        }
        return all;
    }

    private static void add(Map<String, byte[]> all, Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> isWanted(root.relativize(file).toString())).forEach(file -> {
                String name = root.relativize(file).toString().replace('\\', '/');
                if (all.put(name.substring(0, name.length() - SUFFIX.length()), bytes(file)) != null) {
                    throw new BuildFailure(name + ": twice (expected: once on the class path)");
                }
            });
        }
    }

    private static boolean isWanted(String name) {
        return name.endsWith(SUFFIX) && !name.startsWith("META-INF") && !name.endsWith("module-info.class")
                && !name.endsWith("package-info.class");
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Writes them as a jar. */
    static void write(Path jar, Map<String, byte[]> classes) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar); ZipOutputStream zip = new ZipOutputStream(file)) {
            for (Map.Entry<String, byte[]> one : classes.entrySet()) {
                ZipEntry entry = new ZipEntry(one.getKey() + SUFFIX);
                entry.setTime(0);
                zip.putNextEntry(entry);
                zip.write(one.getValue());
                zip.closeEntry();
            }
        }
    }
}
