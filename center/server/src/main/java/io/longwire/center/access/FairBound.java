package io.longwire.center.access;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * At most so many at once, shared by apps so that none can fill it: one more of an app may enter while the app has
 * fewer inside than there are places free. One app alone gets half of them, two a third each, n apps 1/(n+1), and there
 * is always room for one that comes late (the dynamic threshold of shared switch buffers). It costs a counter for each
 * app that was ever seen. Thread-safe, lock-free; under a race it refuses rather than lets one too many in.
 */
public final class FairBound {
    private final IntSupplier max;
    private final AtomicInteger inside = new AtomicInteger();
    private final ConcurrentHashMap<Integer, AtomicInteger> byApp = new ConcurrentHashMap<>();

    /** @param max places, at least 1 */
    public FairBound(int max) {
        this(() -> max);
    }

    /** @param max places, asked whenever one is to enter; those that are inside when it is lowered stay */
    public FairBound(IntSupplier max) {
        this.max = max;
    }

    /** Whether one of this app may enter; it must {@link #leave} once. */
    public boolean enter(int appId) {
        AtomicInteger app = of(appId);
        int own = app.incrementAndGet();
        int all = inside.incrementAndGet();
        if (own > max.getAsInt() - all + 1) {
            leave(app);
            return false;
        }
        return true;
    }

    public void leave(int appId) {
        leave(of(appId));
    }

    /** How many are inside, of all apps. */
    public int inside() {
        return inside.get();
    }

    /** How many of this app are inside. */
    public int inside(int appId) {
        AtomicInteger app = byApp.get(appId);
        return app == null ? 0 : app.get();
    }

    public int max() {
        return max.getAsInt();
    }

    private void leave(AtomicInteger app) {
        app.decrementAndGet();
        inside.decrementAndGet();
    }

    private AtomicInteger of(int appId) {
        AtomicInteger app = byApp.get(appId);
        return app == null ? byApp.computeIfAbsent(appId, key -> new AtomicInteger()) : app;
    }
}
