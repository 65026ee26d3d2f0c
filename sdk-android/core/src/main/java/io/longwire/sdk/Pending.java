package io.longwire.sdk;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A result that comes once, and who waits for it. Any thread. */
final class Pending<R> {
    /** Hears the result. */
    interface Hearer<R> {
        void onResult(R result);
    }

    private final LongwireClient client;
    private final Object lock = new Object();
    private final List<Hearer<R>> hearers = new ArrayList<>(); // lock
    private @Nullable R result; // lock

    Pending(LongwireClient client) {
        this.client = client;
    }

    /** Null while it is not known. */
    @Nullable
    R result() {
        synchronized (lock) {
            return result;
        }
    }

    /** Waits for it; null when it is not known within so many milliseconds. */
    @Nullable
    R await(long timeoutMillis) throws InterruptedException {
        long until = client.elapsedMillis() + timeoutMillis;
        synchronized (lock) {
            for (long left = timeoutMillis; result == null && left > 0; left = until - client.elapsedMillis()) {
                lock.wait(left);
            }
            return result;
        }
    }

    /** Tells it, once, on the thread of the {@link ConnectionListener}; at once if it is known already. */
    void whenDone(Hearer<R> hearer) {
        R known;
        synchronized (lock) {
            known = result;
            if (known == null) {
                hearers.add(hearer);
                return;
            }
        }
        client.tellResult(() -> hearer.onResult(known));
    }

    /** It is known now. */
    void settle(R known) {
        List<Hearer<R>> waiting;
        synchronized (lock) {
            result = known;
            waiting = new ArrayList<>(hearers);
            hearers.clear();
            lock.notifyAll();
        }
        for (Hearer<R> one : waiting) {
            client.tellResult(() -> one.onResult(known));
        }
    }
}
