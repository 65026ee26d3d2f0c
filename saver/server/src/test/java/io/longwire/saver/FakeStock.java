package io.longwire.saver;

import io.longwire.saver.end.Stock;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Counts what waits, and admits until it is told otherwise. */
public final class FakeStock implements Stock {
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicInteger bytes = new AtomicInteger();
    private volatile boolean full;
    private volatile IntConsumer onStored = any -> {
    };

    public void full(boolean now) {
        full = now;
    }

    /** Told the bytes of each message when its row is committed. */
    public void onStored(IntConsumer now) {
        onStored = now;
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
        onStored.accept(more);
    }

    @Override
    public void ended(int app, int less) {
        messages.decrementAndGet();
        bytes.addAndGet(-less);
    }
}
