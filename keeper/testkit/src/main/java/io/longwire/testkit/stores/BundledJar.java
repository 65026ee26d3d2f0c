package io.longwire.testkit.stores;

import java.io.IOException;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** A jar on the class path that carries a server's binaries. Found by a directory in it, so no version is named. */
final class BundledJar {
    private static final int MODE_RUNNABLE = 0755;

    private final JarFile jar;

    private BundledJar(JarFile jar) {
        this.jar = jar;
    }

    /** The jar that has this directory ("a/b/"), or null if none on the class path has. */
    static @Nullable BundledJar having(String directory) {
        var url = BundledJar.class.getClassLoader().getResource(directory);
        if (url == null || !"jar".equals(url.getProtocol())) {
            return null;
        }
        try {
            return new BundledJar(((JarURLConnection) url.openConnection()).getJarFile());
        } catch (IOException failure) {
            throw new StoreException("jar: " + url + " (expected: readable): " + failure, failure);
        }
    }

    /** The first entry whose whole name matches, or null. */
    @Nullable
    JarEntry find(Pattern name) {
        return jar.stream().filter(entry -> name.matcher(entry.getName()).matches()).findFirst().orElse(null);
    }

    /** Unpacks the files below any of the prefixes, the names counted from {@code root}. */
    void unpack(String root, List<String> prefixes, Path into) throws IOException {
        for (var entries = jar.entries(); entries.hasMoreElements();) {
            var entry = entries.nextElement();
            if (!entry.isDirectory() && prefixes.stream().anyMatch(each -> entry.getName().startsWith(root + each))) {
                unpack(entry, into.resolve(entry.getName().substring(root.length())));
            }
        }
    }

    void unpack(JarEntry entry, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (var bytes = jar.getInputStream(entry)) {
            Files.copy(bytes, file);
        }
        Files.setAttribute(file, "unix:mode", MODE_RUNNABLE);
    }
}
