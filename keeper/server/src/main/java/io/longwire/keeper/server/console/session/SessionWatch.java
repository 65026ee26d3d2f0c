package io.longwire.keeper.server.console.session;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.server.console.user.StoreAway;
import java.io.Closeable;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.watch.PersistentWatcher;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * Tells those whom one look at their session is not enough, as they go on for minutes, that it is over. It looks again
 * when ZooKeeper says that the user or the session changed, which is at once, and every five seconds, for what
 * ZooKeeper says nothing of: that a session's time is over, and that ZooKeeper is away. Each look reads two nodes, on a
 * virtual thread. Thread-safe.
 */
public final class SessionWatch {
    static final Duration BEAT = Duration.ofSeconds(5);
    private static final String FOLDER = "/console";

    private final Sessions sessions;
    private final Clock clock;
    private final Set<Watched> open = ConcurrentHashMap.newKeySet();

    /** Why one is no longer in. */
    public enum End {
        /** Signed out, too old, or its user removed, or of another role or password. */
        OVER,
        /** ZooKeeper does not tell whether it still is one. */
        UNKNOWN
    }

    /** One that goes on; closed when it ends by itself. */
    public final class Watched implements AutoCloseable {
        private final String token;
        private final String user;
        private final Consumer<End> told;
        private final AtomicBoolean done = new AtomicBoolean();
        private final AtomicBoolean looking = new AtomicBoolean();
        private final Clock.Cancellable timer;

        private Watched(String token, String user, Consumer<End> told) {
            this.token = token;
            this.user = user;
            this.told = told;
            this.timer = clock.every(BEAT, this::beat);
        }

        // While ZooKeeper is away a look takes longer than a beat.
        private void beat() {
            if (looking.compareAndSet(false, true)) {
                Thread.ofVirtual().name("console-session").start(() -> {
                    try {
                        look();
                    } finally {
                        looking.set(false);
                    }
                });
            }
        }

        private void look() {
            try {
                if (sessions.find(token).isEmpty()) {
                    end(End.OVER);
                }
            } catch (StoreAway away) {
                end(End.UNKNOWN);
            }
        }

        private void end(End why) {
            if (done.compareAndSet(false, true)) {
                told.accept(why);
            }
        }

        @Override
        public void close() {
            done.set(true);
            timer.cancel();
            open.remove(this);
        }
    }

    public SessionWatch(Sessions sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    /**
     * Watches until it is closed. It looks once before it returns, as the session may have ended since it was found.
     *
     * @param told why it is no longer in, once; on any thread, must not wait
     */
    public Watched watch(String token, Session session, Consumer<End> told) {
        var watched = new Watched(token, session.user(), told);
        open.add(watched);
        watched.look();
        return watched;
    }

    /** Lets ZooKeeper tell of changes, at once, until the answer is closed. */
    public Closeable follow(CuratorFramework zookeeper) {
        var watcher = new PersistentWatcher(zookeeper, FOLDER, true);
        watcher.getListenable().addListener(this::changed);
        watcher.getResetListenable().addListener(this::lookAtAll); // it was not told of what changed meanwhile
        watcher.start();
        return watcher;
    }

    // "/console/users/NAME", "/console/sessions/NAME/ID"; on ZooKeeper's thread
    private void changed(WatchedEvent event) {
        if (event.getType() != EventType.NodeDeleted && event.getType() != EventType.NodeDataChanged) {
            return;
        }
        String[] path = event.getPath().split("/", -1);
        if (path.length > 3) {
            open.stream().filter(watched -> watched.user.equals(path[3])).forEach(SessionWatch::look);
        }
    }

    private void lookAtAll() {
        open.forEach(SessionWatch::look);
    }

    // Also where a beat looks: that one may have read what was before.
    private static void look(Watched watched) {
        Thread.ofVirtual().name("console-session").start(watched::look);
    }
}
