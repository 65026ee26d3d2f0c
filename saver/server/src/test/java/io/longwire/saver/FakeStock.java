package io.longwire.saver;

import io.longwire.saver.end.Stock;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what waits, and admits until it is told otherwise. */
public final class FakeStock implements Stock {
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicInteger bytes = new AtomicInteger();
    private volatile boolean full;

    public void full(boolean now) {
        full = now;
    }

    public int messages() {
        return messages.get();
    }

    public int bytes() {
        return bytes.get();
    }

    @Override
    public boolean admits(int app) {
        return !full;
    }

    @Override
    public void stored(int app, int more) {
        messages.incrementAndGet();
        bytes.addAndGet(more);
    }

    @Override
    public void ended(int app, int less) {
        messages.decrementAndGet();
        bytes.addAndGet(-less);
    }
}
