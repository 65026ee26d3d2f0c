package io.longwire.center.client.call;

import java.time.Duration;

/** Time as the client knows it; tests bring their own. */
interface Delays extends AutoCloseable {
    /** Monotonic. */
    long nanos();

    /** Runs the task later, or at once when it is closed before. */
    void after(Duration pause, Runnable task);

    @Override
    void close();
}
