package io.longwire.testkit.stores;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.PurgeTxnLog;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZKDatabase;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.jspecify.annotations.Nullable;

/**
 * A real ZooKeeper on loopback, in this process, with its data in a directory: what was written survives
 * {@link #restart} and the process. Thread-safe; every method blocks until it is done.
 */
public final class ZooKeeperServer implements AutoCloseable {
    /** How to start one. Sessions may ask for a timeout between two ticks and {@code maxSession}. */
    public record Options(Path directory, int port, Duration tick, Duration maxSession) {
        public Options {
            if (tick.toMillis() < 1 || tick.compareTo(Duration.ofSeconds(10)) > 0) {
                throw new StoreException("zookeeper tick: " + tick + " (expected: 1 ms - 10 s)");
            }
        }

        /** In this directory, on any free port, with sessions of 1 s to 60 s. */
        public static Options in(Path directory) {
            return new Options(directory, 0, Duration.ofMillis(500), Duration.ofSeconds(60));
        }

        /** On this port of 127.0.0.1; 0 takes a free one. */
        public Options port(int number) {
            return new Options(directory, number, tick, maxSession);
        }

        /** The unit in which sessions are checked; a session expires up to one tick late. */
        public Options tick(Duration length) {
            return new Options(directory, port, length, maxSession);
        }
    }

    private static final int CONNECTIONS = 2_000;
    private static final int BACKLOG = 256;
    private static final int SNAPSHOTS = 3;
    private static final int PORT_TRIES = 5;

    private final Options options;
    private final StoreDirectory directory;
    private int port;
    private @Nullable Running running;

    private record Running(ServerCnxnFactory factory, org.apache.zookeeper.server.ZooKeeperServer server) {}

    private ZooKeeperServer(Options options, StoreDirectory directory) {
        this.options = options;
        this.directory = directory;
        this.port = options.port();
    }

    /**
     * Starts it with the data the directory holds; returns when it serves.
     *
     * @throws StoreException the directory is in use or the port taken
     */
    public static ZooKeeperServer start(Options options) {
        var directory = StoreDirectory.hold(options.directory());
        try {
            var server = new ZooKeeperServer(options, directory);
            server.firstStart();
            return server;
        } catch (RuntimeException failure) {
            directory.close();
            throw failure;
        }
    }

    private synchronized void firstStart() {
        if (port != 0) {
            launch();
            return;
        }
        for (int tries = 1;; tries++) {
            port = FreePorts.next();
            try {
                launch();
                return;
            } catch (StoreException failure) {
                if (tries == PORT_TRIES || FreePorts.free(port)) {
                    throw failure;
                }
            }
        }
    }

    private void launch() {
        try {
            var data = Files.createDirectories(directory.data()).toFile();
            // Each start of a server writes a snapshot; only the newest are of use.
            PurgeTxnLog.purge(data, data, SNAPSHOTS);
            var files = new FileTxnSnapLog(data, data);
            var factory = new NIOServerCnxnFactory();
            factory.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECTIONS, BACKLOG);
            int tick = (int) options.tick().toMillis();
            var server = new org.apache.zookeeper.server.ZooKeeperServer(files, tick, 2 * tick,
                    (int) options.maxSession().toMillis(), BACKLOG, new ZKDatabase(files), "");
            factory.startup(server);
            running = new Running(factory, server);
        } catch (IOException failure) {
            throw new StoreException("zookeeper port: " + port + " in " + directory.root()
                    + " (expected: a free port and readable data): " + failure, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException("zookeeper start (expected: not interrupted)", interrupted);
        }
    }

    /** As clients take it: {@code 127.0.0.1:port}. */
    public String connectString() {
        return "127.0.0.1:" + port;
    }

    /** The same for the life of this object, over restarts. */
    public int port() {
        return port;
    }

    public synchronized boolean running() {
        return running != null;
    }

    /**
     * ZooKeeper goes away: connections break and new ones are refused, until {@link #restart}. Sessions are not expired
     * while it is away; their time starts again when it is back.
     */
    public synchronized void stop() {
        var now = running;
        if (now != null) {
            running = null;
            now.factory().shutdown();
        }
    }

    /** Starts it again on the same port with its data, stopping it first if it runs. */
    public synchronized void restart() {
        stop();
        launch();
    }

    /** Starts it if it is stopped. */
    public synchronized void revive() {
        if (running == null) {
            launch();
        }
    }

    /**
     * Expires a session now, as if its client had been silent too long: its ephemeral nodes go, and the client learns
     * of it when it next connects. The id is what {@code ZooKeeper.getSessionId()} says.
     */
    public synchronized void killSession(long sessionId) {
        var now = running;
        if (now == null) {
            throw new StoreException("zookeeper on port " + port + ": not running (expected: running)");
        }
        now.server().expire(sessionId);
    }

    /** Stops it and gives the directory back. */
    @Override
    public synchronized void close() {
        try {
            stop();
        } finally {
            directory.close();
        }
    }
}
