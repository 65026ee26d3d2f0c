package io.longwire.testkit.stores;

import io.longwire.testkit.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Redis, one MariaDB and one ZooKeeper for all test classes of a JVM: each started when first asked for, and ended
 * with the JVM. A class asks for its own clean part before it begins and may kill and freeze what it likes, since the
 * next one's question brings the server up again. Test classes that use them must not run at the same time.
 */
public final class Stores {
    private static final Logger LOG = LoggerFactory.getLogger(Stores.class);
    private static final String PASSWORD = "longwire-test";

    private final Path directory;
    private final AtomicInteger names = new AtomicInteger();
    private @Nullable RedisServer redis;
    private @Nullable MariaDbServer mariaDb;
    private @Nullable ZooKeeperServer zooKeeper;

    private Stores(Path directory) {
        this.directory = directory;
    }

    /** A database of the test's own. */
    public record Database(MariaDbServer server, String name) {
        public String jdbcUrl() {
            return server.jdbcUrl(name);
        }

        public String user() {
            return MariaDbServer.USER;
        }

        public String password() {
            return server.password();
        }
    }

    /** A path in ZooKeeper of the test's own, without a leading slash, as Curator takes it. */
    public record Namespace(ZooKeeperServer server, String name) {
        public String connectString() {
            return server.connectString();
        }
    }

    /** The JVM's stores. */
    public static Stores shared() {
        return Shared.STORES;
    }

    private static final class Shared {
        private static final String PREFIX = "stores-";
        private static final Stores STORES = open();

        private static Stores open() {
            var target = Path.of("target").toAbsolutePath();
            var parent = Files.isDirectory(target) ? target : Path.of(System.getProperty("java.io.tmpdir"));
            sweep(parent);
            var stores = new Stores(parent.resolve(PREFIX + ProcessHandle.current().pid()));
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stores-end").unstarted(stores::close));
            return stores;
        }

        /** A JVM that was killed could not delete its stores, some 120 MB. */
        private static void sweep(Path parent) {
            try (var left = Files.newDirectoryStream(parent, PREFIX + "[0-9]*")) {
                for (Path directory : left) {
                    long pid = Long.parseLong(directory.getFileName().toString().substring(PREFIX.length()));
                    if (!Signal.alive(pid)) {
                        Trees.delete(directory);
                    }
                }
            } catch (IOException | NumberFormatException failure) {
                LOG.warn("old test stores in {} were not deleted", parent, failure);
            }
        }
    }

    /** Redis, up and empty, with its append-only file. */
    public synchronized RedisServer freshRedis() {
        var server = redis;
        if (server == null) {
            server = RedisServer.start(RedisServer.Options.in(directory.resolve("redis")));
            redis = server;
        }
        server.revive();
        try {
            String answer = RedisServer.ask(server.port(), "FLUSHALL");
            if (!answer.equals("+OK")) {
                throw new StoreException("redis FLUSHALL: " + answer + " (expected: +OK)");
            }
        } catch (IOException failure) {
            throw new StoreException("redis on port " + server.port() + " (expected: it answers)", failure);
        }
        return server;
    }

    /** MariaDB, up, with a new empty database named after the prefix (a letter, then letters, digits, _). */
    public synchronized Database freshDatabase(String prefix) {
        var server = mariaDb;
        if (server == null) {
            server = MariaDbServer.start(MariaDbServer.Options.in(directory.resolve("mariadb"), PASSWORD));
            mariaDb = server;
        }
        server.revive();
        var database = new Database(server, prefix + "_" + names.incrementAndGet());
        server.recreateDatabase(database.name());
        return database;
    }

    /** ZooKeeper, up, with a path that nobody has used. Sessions may be as short as 1 s. */
    public synchronized Namespace freshNamespace(String prefix) {
        var server = zooKeeper;
        if (server == null) {
            server = ZooKeeperServer.start(ZooKeeperServer.Options.in(directory.resolve("zookeeper")));
            zooKeeper = server;
        }
        server.revive();
        return new Namespace(server, prefix + "-" + names.incrementAndGet());
    }

    private synchronized void close() {
        close(zooKeeper);
        // Nobody will read their data again, so they need not write it out.
        if (redis != null) {
            redis.kill();
        }
        if (mariaDb != null) {
            mariaDb.kill();
        }
        close(redis);
        close(mariaDb);
        try {
            Trees.delete(directory);
        } catch (IOException failure) {
            LOG.warn("test stores in {} were not deleted", directory, failure);
        }
    }

    private static void close(@Nullable AutoCloseable server) {
        try {
            if (server != null) {
                server.close();
            }
        } catch (Exception failure) {
            LOG.warn("a test store did not end in order", failure);
        }
    }
}
