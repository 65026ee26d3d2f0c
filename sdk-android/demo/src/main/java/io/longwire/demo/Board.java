package io.longwire.demo;

import android.os.Handler;
import android.os.Looper;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.ConnectionStatus;
import io.longwire.sdk.LongwireApp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the screen shows: kept here, for messages come while there is no screen. Any thread; who watches is told on the
 * main thread, once for all that has changed since.
 */
final class Board implements ConnectionListener {
    /** So many lines are kept, the newest first. */
    static final int LINES_MAX = 100;
    private static final String NONE = "-";

    private final Handler main = new Handler(Looper.getMainLooper());
    private final Object lock = new Object();
    private final Deque<String> lines = new ArrayDeque<>(); // lock
    private @Nullable ConnectionStatus status; // lock
    private long heartbeatMillis; // lock; 0 = not told since the connection stands
    private @Nullable String endpoint; // lock
    private boolean posted; // lock
    private @Nullable Runnable watcher; // main

    /** What there is to see. Immutable. */
    static final class View {
        final String endpoint;
        final String state;
        final String route;
        final String heartbeat;
        final List<String> lines;

        View(String endpoint, String state, String route, String heartbeat, List<String> lines) {
            this.endpoint = endpoint;
            this.state = state;
            this.route = route;
            this.heartbeat = heartbeat;
            this.lines = lines;
        }
    }

    /** Has this run whenever something has changed, in place of who watched before. On the main thread. */
    void watch(Runnable onChange) {
        watcher = onChange;
    }

    /** No longer runs this; another that watches now goes on. On the main thread. */
    void leave(Runnable onChange) {
        if (onChange.equals(watcher)) {
            watcher = null;
        }
    }

    View view() {
        synchronized (lock) {
            return new View(endpoint == null ? NONE : endpoint, state(), route(), heartbeat(),
                    new ArrayList<>(lines));
        }
    }

    void add(String line) {
        synchronized (lock) {
            lines.addFirst(line);
            if (lines.size() > LINES_MAX) {
                lines.removeLast();
            }
            changed();
        }
    }

    @Override
    public void onStatus(ConnectionStatus now) {
        synchronized (lock) {
            status = now;
            heartbeatMillis = 0;
            changed();
        }
    }

    @Override
    public void onHeartbeat(long silenceMillis) {
        synchronized (lock) {
            heartbeatMillis = silenceMillis;
            changed();
        }
    }

    @Override
    public void onEndpoint(LongwireApp app, String text) {
        synchronized (lock) {
            endpoint = text;
            changed();
        }
    }

    @Override
    public void onKicked(LongwireApp app, String code, String reason, long retryAfterMillis) {
        add("sent away: " + code + " " + reason);
    }

    @Override
    public void onProblem(String what) {
        add("problem: " + what);
    }

    // The lock is held.
    private String state() {
        ConnectionStatus known = status;
        if (known == null) {
            return NONE;
        }
        return known.state() + (known.resumed() ? ", the session was kept" : "")
                + (known.waitMillis() > 0 ? ", the next try in " + (known.waitMillis() + 999) / 1_000 + " s" : "");
    }

    // The lock is held.
    private String route() {
        ConnectionStatus known = status;
        if (known == null) {
            return NONE;
        }
        String room = known.room();
        return known.isGuest() ? "through another app" : !room.isEmpty() ? room : orNone(known.reason());
    }

    // The lock is held.
    private String heartbeat() {
        return heartbeatMillis == 0 ? NONE : "after " + heartbeatMillis / 1_000 + " s of silence";
    }

    private static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }

    // The lock is held.
    private void changed() {
        if (!posted) {
            posted = true;
            main.post(this::tell);
        }
    }

    private void tell() {
        synchronized (lock) {
            posted = false;
        }
        Runnable known = watcher;
        if (known != null) {
            known.run();
        }
    }
}
