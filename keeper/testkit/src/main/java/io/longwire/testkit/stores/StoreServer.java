package io.longwire.testkit.stores;

/**
 * A real server of a store on loopback, a process of its own in one directory and on one port for the life of this
 * object. Thread-safe; every method blocks until it is done.
 */
public abstract sealed class StoreServer implements AutoCloseable permits MariaDbServer, RedisServer {
    private final StoreLifecycle lifecycle;

    StoreServer(StoreLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** "127.0.0.1". */
    public final String host() {
        return "127.0.0.1";
    }

    /** The same for the life of this object, over kills and restarts. */
    public final int port() {
        return lifecycle.port();
    }

    /** The running server's process id; another after each restart. */
    public final long pid() {
        return lifecycle.pid();
    }

    public final boolean running() {
        return lifecycle.running();
    }

    /** Lets it write what it has and ends it in order. */
    public final void stop() {
        lifecycle.stop();
    }

    /** Ends it with SIGKILL; its files stay as they are. */
    public final void kill() {
        lifecycle.kill();
    }

    /** Starts it again on the same port with the data its files hold, stopping it first if it runs. */
    public final void restart() {
        lifecycle.restart();
    }

    /** The loss of a node: kills it, deletes its data and starts an empty one on the same port. */
    public final void wipe() {
        lifecycle.wipe();
    }

    /** Stops it where it stands (SIGSTOP): connections stay open, nothing is answered. */
    public final void freeze() {
        lifecycle.freeze();
    }

    public final void thaw() {
        lifecycle.thaw();
    }

    /** Brings it up whatever happened to it: thaws a frozen one, starts a dead one, leaves a healthy one. */
    public final void revive() {
        lifecycle.revive();
    }

    /** Stops it and gives the directory back. */
    @Override
    public final void close() {
        lifecycle.close();
    }
}
