package io.longwire.e2e.platform;

import io.longwire.testkit.stores.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Directories and ports for what a test starts. What a test leaves is there to be read until its next run. */
public final class Place {
    private Place() {
    }

    /** An empty directory of that name, below the module's build folder. */
    public static Path fresh(String name) {
        Path place = Path.of("target", "e2e", name).toAbsolutePath();
        delete(place);
        try {
            return Files.createDirectories(place);
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    /** Deletes the stores of a platform's data directory, some 120 MB; its logs stay. */
    public static void dropStores(Path data) {
        for (String store : List.of("mysql", "redis", "events", "zookeeper")) {
            delete(data.resolve(store));
        }
    }

    /** Deletes the versions an agent has unpacked, some 70 MB each. */
    public static void dropVersions(Path agent) {
        delete(agent.resolve("versions"));
    }

    /** So many different ports of loopback on which nobody listened a moment ago. */
    public static List<Integer> freePorts(int count) {
        var ports = new LinkedHashSet<Integer>();
        while (ports.size() < count) {
            ports.add(FreePorts.next());
        }
        return List.copyOf(ports);
    }

    static void delete(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes seen) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException busy) {
            throw new UncheckedIOException("delete: " + root, busy);
        }
    }
}
