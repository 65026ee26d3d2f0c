package io.longwire.testkit.stores;

import io.longwire.keeper.clock.Clock;
import io.longwire.testkit.process.Signal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one store: {@code data/} (the store's own), {@code server.log}, {@code server.pid} and
 * {@code server.lock}. One live process of ours holds it at a time. The lock ends with its holder, however that ends;
 * so a server that still runs in a directory we could lock is an orphan of a crash, and {@link #endOrphan} ends it.
 */
final class StoreDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreDirectory.class);
    /**
     * Held by this process. The kernel drops a process's lock on a file when the process closes any descriptor of that
     * file, so a second try from the same process must not even open it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();
    private static final long LOG_LIMIT_BYTES = 8 << 20;
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Path root;
    private final FileChannel lock;

    private StoreDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /** Makes the directory if need be and takes it. */
    static StoreDirectory hold(Path directory) {
        try {
            Files.createDirectories(directory);
            Path root = directory.toRealPath();
            if (!HELD.add(root)) {
                throw inUse(root);
            }
            try {
                return new StoreDirectory(root, locked(root));
            } catch (IOException | RuntimeException failure) {
                HELD.remove(root);
                throw failure;
            }
        } catch (IOException failure) {
            throw new StoreException("directory: " + directory + " (expected: one we can write): " + failure, failure);
        }
    }

    private static FileChannel locked(Path root) throws IOException {
        var channel = FileChannel.open(root.resolve("server.lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw inUse(root);
            }
            return channel;
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private static StoreException inUse(Path root) {
        return new StoreException("directory: " + root + " is in use (expected: one that no running process holds)");
    }

    Path root() {
        return root;
    }

    Path data() {
        return root.resolve("data");
    }

    Path log() {
        return root.resolve("server.log");
    }

    Path pidFile() {
        return root.resolve("server.pid");
    }

    /** Ends the server that an earlier, crashed holder of this directory left behind. */
    void endOrphan() {
        long pid = recordedPid();
        if (pid <= 1 || !Signal.alive(pid) || !worksHere(pid)) {
            return;
        }
        LOG.info("ending process {} left behind in {}", pid, root);
        Signal.TERM.sendTo(pid);
        Signal.CONT.sendTo(pid);
        if (!gone(pid)) {
            Signal.KILL.sendTo(pid);
            if (!gone(pid)) {
                throw new StoreException("process: " + pid + " in " + root + " (expected: it ends when killed)");
            }
        }
    }

    private long recordedPid() {
        try {
            return Files.exists(pidFile()) ? Long.parseLong(Files.readString(pidFile()).strip()) : 0;
        } catch (IOException | NumberFormatException torn) {
            return 0;
        }
    }

    /** Ids are used again: only a process that works in our data directory is ours. */
    private boolean worksHere(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd")).startsWith(root);
        } catch (IOException foreignOrGone) {
            return false;
        }
    }

    /** Waits for the end of a process that is not our child; false when it has not come in time. */
    private static boolean gone(long pid) {
        var end = ProcessHandle.of(pid).map(ProcessHandle::onExit).orElse(null);
        long limit = Clock.system().nanos() + GRACE.toNanos();
        // An orphan may stay in the table as a zombie when nobody collects it; that one has ended too.
        while (end != null && Signal.alive(pid) && Clock.system().nanos() < limit && !completes(end)) {
            Thread.onSpinWait();
        }
        return !Signal.alive(pid);
    }

    private static boolean completes(Future<?> end) {
        try {
            end.get(20, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException running) {
            return false;
        } catch (ExecutionException failure) {
            throw new StoreException("process (expected: it can be waited for)", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException("process (expected: not interrupted)", interrupted);
        }
    }

    /** The log starts again when it has grown, with one old file kept. */
    void rollLog() {
        try {
            if (Files.exists(log()) && Files.size(log()) > LOG_LIMIT_BYTES) {
                Files.move(log(), root.resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException failure) {
            throw new StoreException("log: " + log() + " (expected: writable): " + failure, failure);
        }
    }

    /** The last lines the server wrote, the newest last, for messages. */
    List<String> lastLines(int count) {
        try {
            var lines = Files.exists(log())
                    ? Files.readAllLines(log(), StandardCharsets.ISO_8859_1)
                    : List.<String>of();
            return List.copyOf(lines.subList(Math.max(0, lines.size() - count), lines.size()));
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException failure) {
            LOG.warn("the lock of {} was not given back", root, failure);
        } finally {
            HELD.remove(root);
        }
    }
}
