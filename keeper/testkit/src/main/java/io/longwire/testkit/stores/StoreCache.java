package io.longwire.testkit.stores;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is made once for a version and used by every process of this user: unpacked binaries and database templates. An
 * entry is a directory; it is filled beside its place and renamed, so that whoever sees it sees it whole. Processes
 * that want the same entry wait for the first. The place is {@code LONGWIRE_CACHE}, else {@code $XDG_CACHE_HOME} or
 * {@code ~/.cache} with {@code longwire} behind it, else the directory for temporary files.
 */
final class StoreCache {
    /** File locks hold between processes only; this one holds between the threads of ours. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    /** Makes the content of an entry. */
    interface Filler {
        void fill(Path directory) throws IOException;
    }

    private StoreCache() {}

    /** The entry's directory, filled now if it was not there. */
    static Path entry(String key, Filler filler) {
        Path root = root();
        Path entry = root.resolve(key);
        if (Files.isDirectory(entry)) {
            return entry;
        }
        THREADS.lock();
        try (var channel = FileChannel.open(root.resolve(key + ".lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE); var lock = channel.lock()) {
            if (!Files.isDirectory(entry) && lock.isValid()) {
                Path growing = root.resolve(key + ".new");
                Trees.delete(growing);
                Files.createDirectories(growing);
                filler.fill(growing);
                Files.move(growing, entry, StandardCopyOption.ATOMIC_MOVE);
            }
            return entry;
        } catch (IOException failure) {
            throw new StoreException("cache: " + entry + " (expected: a directory we can fill): " + failure, failure);
        } finally {
            THREADS.unlock();
        }
    }

    private static Path root() {
        String named = System.getenv("LONGWIRE_CACHE");
        if (named != null && !named.isBlank()) {
            return made(Path.of(named));
        }
        String shared = System.getenv("XDG_CACHE_HOME");
        Path home = Path.of(System.getProperty("user.home", "/nonexistent"));
        Path caches = shared != null && !shared.isBlank() ? Path.of(shared) : home.resolve(".cache");
        if (Files.isWritable(caches) || Files.isWritable(home)) {
            return made(caches.resolve("longwire"));
        }
        String user = System.getProperty("user.name", "nobody");
        return made(Path.of(System.getProperty("java.io.tmpdir"), "longwire-cache-" + user));
    }

    /** What lies there is run later, so the directory has to be ours. */
    private static Path made(Path root) {
        try {
            Files.createDirectories(root);
            String owner = Files.getOwner(root).getName();
            String user = System.getProperty("user.name", owner);
            if (!owner.equals(user)) {
                throw new StoreException("cache: " + root + " belongs to " + owner + " (expected: " + user + ")");
            }
            return root.toRealPath();
        } catch (IOException failure) {
            throw new StoreException("cache: " + root + " (expected: a directory we can write): " + failure, failure);
        }
    }
}
