package io.longwire.testkit.stores;

import io.longwire.keeper.clock.Clock;
import io.longwire.testkit.process.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, stops, kills, freezes and wipes one server program in one directory, on one port for all its life. What is
 * particular to Redis or MariaDB is a {@link Recipe}. All methods block; one at a time.
 */
final class StoreLifecycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreLifecycle.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final int PORT_TRIES = 5;

    /** How one kind of server is prepared, started and asked whether it is ready. */
    interface Recipe {
        /** As in messages: "redis". */
        String name();

        /** Makes the data directory ready for a start; called before each. */
        void prepare(StoreDirectory directory) throws IOException;

        /** Program and arguments. */
        List<String> command(StoreDirectory directory, int port);

        /** Whether a server on the port answers as it should. Must not block for more than a second or so. */
        boolean ready(int port);
    }

    private final Recipe recipe;
    private final StoreDirectory directory;
    private final boolean diesWithParent;
    private final boolean anyPort;
    private int port;
    private boolean portTaken;
    private @Nullable ServerProcess process;

    private StoreLifecycle(Recipe recipe, StoreDirectory directory, int port, boolean diesWithParent) {
        this.recipe = recipe;
        this.directory = directory;
        this.diesWithParent = diesWithParent;
        this.anyPort = port == 0;
        this.port = port;
    }

    /** Takes the directory, ends what a crash left running in it, and starts the server; port 0 takes a free one. */
    static StoreLifecycle start(Recipe recipe, Path directory, int port, boolean diesWithParent) {
        if (port < 0 || port > 65_535) {
            throw new StoreException("port: " + port + " (expected: 0-65535)");
        }
        var held = StoreDirectory.hold(directory);
        try {
            held.endOrphan();
            var lifecycle = new StoreLifecycle(recipe, held, port, diesWithParent);
            lifecycle.firstStart();
            return lifecycle;
        } catch (RuntimeException failure) {
            held.close();
            throw failure;
        }
    }

    private synchronized void firstStart() {
        if (!anyPort) {
            launch();
            return;
        }
        for (int tries = 1;; tries++) {
            port = FreePorts.next();
            try {
                launch();
                return;
            } catch (StoreException failure) {
                // Somebody may have taken the port between our look and the server's bind, or only have looked at it
                // as we do, or has another one that the server makes of it (Redis's cluster bus); nothing else is
                // retried.
                if (tries == PORT_TRIES || (!portTaken && FreePorts.free(port) && !saysTaken(failure))) {
                    throw failure;
                }
            }
        }
    }

    private static boolean saysTaken(StoreException failure) {
        return String.valueOf(failure.getMessage()).contains("Address already in use");
    }

    private void launch() {
        portTaken = !FreePorts.free(port);
        if (portTaken) {
            throw new StoreException(recipe.name() + " port: " + port
                    + " is taken (expected: one on 127.0.0.1 that nobody listens on)");
        }
        try {
            recipe.prepare(directory);
        } catch (IOException failure) {
            throw new StoreException(recipe.name() + " directory: " + directory.root() + " (expected: writable): "
                    + failure, failure);
        }
        directory.rollLog();
        long begin = Clock.system().millis();
        var started = ServerProcess.start(directory, recipe.command(directory, port), diesWithParent);
        try {
            awaitReady(started);
        } catch (RuntimeException failure) {
            started.kill();
            throw failure;
        }
        process = started;
        LOG.debug("{} {} listens on {} after {} ms", recipe.name(), started.pid(), port,
                Clock.system().millis() - begin);
    }

    private void awaitReady(ServerProcess started) {
        long limit = Clock.system().nanos() + START_LIMIT.toNanos();
        while (!recipe.ready(port)) {
            if (started.ended(LOOK)) {
                throw new StoreException(recipe.name() + " start: it ended with code " + started.exitCode()
                        + " (expected: it runs): " + String.join(" | ", directory.lastLines(3)));
            }
            if (Clock.system().nanos() > limit) {
                throw new StoreException(
                        recipe.name() + " start: not ready (expected: within " + START_LIMIT.toSeconds()
                                + " s; see " + directory.log() + ")");
            }
        }
        // Ready may have been said by somebody else who was faster on this port.
        if (started.ended(Duration.ZERO)) {
            throw new StoreException(recipe.name() + " port: " + port + " is taken (expected: free): "
                    + String.join(" | ", directory.lastLines(3)));
        }
    }

    int port() {
        return port;
    }

    Path directory() {
        return directory.root();
    }

    synchronized boolean running() {
        return process != null && process.alive();
    }

    synchronized long pid() {
        return live().pid();
    }

    /** The server as it must be running now. */
    private ServerProcess live() {
        var now = process;
        if (now == null || !now.alive()) {
            throw new StoreException(recipe.name() + " on port " + port + ": not running (expected: running)");
        }
        return now;
    }

    synchronized void stop() {
        if (process != null) {
            process.stop(STOP_LIMIT);
            process = null;
        }
    }

    synchronized void kill() {
        if (process != null) {
            process.kill();
            process = null;
        }
    }

    synchronized void restart() {
        stop();
        launch();
    }

    synchronized void wipe() {
        kill();
        try {
            Trees.delete(directory.data());
        } catch (IOException failure) {
            throw new StoreException(recipe.name() + " data: " + directory.data() + " (expected: deletable): "
                    + failure, failure);
        }
        launch();
    }

    synchronized void freeze() {
        Signal.freeze(live().pid());
    }

    synchronized void thaw() {
        Signal.thaw(live().pid());
    }

    /** Brings the server up whatever a test did to it: thaws it, or starts it. */
    synchronized void revive() {
        if (running()) {
            thaw();
        } else {
            launch();
        }
    }

    @Override
    public synchronized void close() {
        try {
            stop();
        } finally {
            directory.close();
        }
    }
}
