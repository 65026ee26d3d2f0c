package io.longwire.keeper.clock;

import java.time.Duration;

/**
 * The only source of time in the platform. {@link #wallMillis} may jump and is for stamps that leave the process;
 * {@link #nanos} never goes back and is for durations. Thread-safe.
 */
public interface Clock {
    /** Milliseconds since 1970; may jump with the machine's clock. */
    long wallMillis();

    /** Monotonic nanoseconds from an arbitrary origin. */
    long nanos();

    /** Runs the task once after the delay on the clock's own thread: it must hand over anything that takes time. */
    Cancellable schedule(Duration delay, Runnable task);

    /** Runs the task again and again, the delay counted from the end of one run to the start of the next. */
    Cancellable every(Duration delay, Runnable task);

    /** Monotonic milliseconds. */
    default long millis() {
        return nanos() / 1_000_000;
    }

    /** The machine's clock, for processes. One per process; ends with it. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }

    /** Something scheduled that can be called off; calling it off twice, or late, does nothing. */
    interface Cancellable {
        void cancel();
    }
}
