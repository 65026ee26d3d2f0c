package io.longwire.demo.apk;

import android.app.Activity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import proguard.Configuration;
import proguard.ConfigurationParser;
import proguard.ParseException;
import proguard.ProGuard;

/**
 * Takes out what an app does not use and shortens the names of the rest, as the release build of an app does: by
 * ProGuard, with the rules that the library brings. What ProGuard warns of fails the build. It does not optimise: it
 * would make methods private and leave calls of them that only newer class files may have.
 */
final class Shrink {
    /** The version of class files of Java 11: what ProGuard can read of this JVM's own classes. */
    private static final int READABLE = 55;
    private static final int VERSION_AT = 6;
    private static final List<String> PLATFORM = List.of("java.base", "java.logging", "jdk.unsupported");

    private final Path directory;
    private final Path rules;

    /**
     * @param directory to work in; it keeps {@code mapping.txt}, the old names and the new
     * @param rules of the library
     */
    Shrink(Path directory, Path rules) {
        this.directory = directory;
        this.rules = rules;
    }

    /** What remains of the classes when only these, by their names with dots, are called from outside. */
    SortedMap<String, byte[]> keeping(List<String> entries, SortedMap<String, byte[]> classes) throws IOException {
        Path in = directory.resolve("unshrunk.jar");
        Path platform = directory.resolve("platform.jar");
        Path out = directory.resolve("shrunk.jar");
        ClassFiles.write(in, classes);
        ClassFiles.write(platform, platform());
        StringBuilder text = new StringBuilder();
        text.append("-injars ").append(in).append("\n-outjars ").append(out).append("\n-libraryjars ")
                .append(ClassFiles.home(Activity.class)).append("(!META-INF/**)\n-libraryjars ").append(platform)
                .append("\n-include ").append(rules.toAbsolutePath()).append("\n-printmapping ")
                .append(directory.resolve("mapping.txt")).append("\n-dontnote **\n-dontoptimize\n");
        for (String entry : entries) {
            text.append("-keep class ").append(entry).append(" { *; }\n");
        }
        Path file = Files.writeString(directory.resolve("shrink.pro"), text);
        Configuration configuration = new Configuration();
        try (ConfigurationParser parser = new ConfigurationParser(new String[]{"@" + file}, System.getProperties())) {
            parser.parse(configuration);
            new ProGuard(configuration).execute();
        } catch (ParseException broken) {
            throw new BuildFailure(rules + ": " + broken.getMessage() + " (expected: rules of ProGuard)", broken);
        } catch (IOException failed) {
            throw failed;
        } catch (Exception failed) { // allowed: it declares no other
            throw new BuildFailure("ProGuard: " + failed.getMessage() + " (expected: no warning)", failed);
        }
        return ClassFiles.read(out);
    }

    // The JVM's own classes stand for Android's, whose jar has none of java.*.
    private static SortedMap<String, byte[]> platform() throws IOException {
        FileSystem jvm = FileSystems.getFileSystem(URI.create("jrt:/"));
        SortedMap<String, byte[]> classes = new TreeMap<>();
        for (String module : PLATFORM) {
            ClassFiles.read(jvm.getPath("/modules", module)).forEach((name, bytes) -> {
                bytes[VERSION_AT] = 0;
                bytes[VERSION_AT + 1] = READABLE;
                classes.put(name, bytes);
            });
        }
        return classes;
    }
}
