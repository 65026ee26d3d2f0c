package io.longwire.center.access;

import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.AppRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The apps, believed for the time to live of the cache. Thread-safe, never blocks. */
public final class Apps {
    private static final int MAX_CACHED = 10_000;

    private final Believed<Integer, AppRecord> apps;

    public Apps(Directory directory, Duration ttl, Clock clock) {
        this.apps = new Believed<>(directory::app, MAX_CACHED, ttl, clock);
    }

    /** What was found of this app is known no more here; other centers believe it for their time to live. */
    public void changed(int appId) {
        apps.forget(appId);
    }

    /** The app; fails with {@link Refused} UNKNOWN_APP. */
    public CompletableFuture<AppRecord> app(int appId) {
        return apps.get(appId).thenApply(app -> {
            if (app.getAppId() == 0) {
                throw Refused.because(Why.UNKNOWN_APP, "app_id: " + appId + " (expected: an app)");
            }
            return app;
        });
    }
}
