package io.longwire.sdk;

import io.longwire.sdk.phone.App;
import org.jspecify.annotations.Nullable;

/** One app on the phone's connection. Any thread. */
public final class LongwireApp {
    private final LongwireClient client;
    private final int appId;

    private final Object lock = new Object();
    private @Nullable App app; // the loop's, set once
    private String endpoint = ""; // lock
    private boolean bound; // lock

    LongwireApp(LongwireClient client, int appId) {
        this.client = client;
        this.appId = appId;
    }

    /** The number of the app, as its key says. */
    public int appId() {
        return appId;
    }

    /** What the product sends messages to, {@code ep_...}; null until the app is registered. */
    public @Nullable String endpoint() {
        synchronized (lock) {
            return endpoint.isEmpty() ? null : endpoint;
        }
    }

    /** Whether messages come for this app now. */
    public boolean isOnline() {
        synchronized (lock) {
            return bound;
        }
    }

    /**
     * Waits until messages come for this app.
     *
     * @return false when they do not within so many milliseconds
     */
    public boolean awaitOnline(long timeoutMillis) throws InterruptedException {
        long until = client.elapsedMillis() + timeoutMillis;
        synchronized (lock) {
            for (long left = timeoutMillis; !bound && left > 0; left = until - client.elapsedMillis()) {
                lock.wait(left);
            }
            return bound;
        }
    }

    /** The app does not take messages for now: they stay on the server, and are called "app not running" there. */
    public void pause() {
        client.onLoop(phone -> {
            App known = app;
            if (known != null) {
                phone.pause(known);
            }
        });
    }

    /** The app takes messages again; those that waited come now. */
    public void resume() {
        client.onLoop(phone -> {
            App known = app;
            if (known != null) {
                phone.resume(known);
            }
        });
    }

    /** Takes the app off the connection. Its endpoint lives on: adding the app again brings it back. */
    public void leave() {
        client.remove(this);
    }

    @Nullable
    App attached() {
        return app;
    }

    void attach(App known) {
        app = known;
    }

    void endpoint(String text) {
        synchronized (lock) {
            endpoint = text;
        }
    }

    void bound(boolean now) {
        synchronized (lock) {
            bound = now;
            lock.notifyAll();
        }
    }

    @Override
    public String toString() {
        String text = endpoint();
        return "app " + (appId & 0xFFFFFFFFL) + (text == null ? "" : " " + text);
    }
}
