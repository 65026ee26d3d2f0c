package io.longwire.center.send;

import java.util.concurrent.atomic.AtomicInteger;

/** So many at once, and no queue behind it. Thread-safe. */
final class Bound {
    private final int max;
    private final AtomicInteger inside = new AtomicInteger();

    Bound(int max) {
        this.max = max;
    }

    /** False when it is full; otherwise one {@link #leave} must follow. */
    boolean enter() {
        if (inside.incrementAndGet() <= max) {
            return true;
        }
        inside.decrementAndGet();
        return false;
    }

    void leave() {
        inside.decrementAndGet();
    }

    int inside() {
        return inside.get();
    }

    int max() {
        return max;
    }
}
