package io.longwire.sdk.loop;

/**
 * One thread that runs tasks one after the other. A task that throws is reported and forgotten; the loop goes on.
 * After the loop was closed tasks are dropped.
 */
public interface Loop {
    /** Runs the task soon, after those handed in before. Any thread. */
    void execute(Runnable task);

    /** Runs the task once, not before so many milliseconds have passed; 0 or less is soon. Any thread. */
    Timer after(long delayMillis, Runnable task);

    /**
     * As {@link #after}, for the limit of a wait for the network: until the task has run, or was taken back, the phone
     * is kept awake, so that the answer is read and judged in time. A minute at most; what takes longer is an ordinary
     * timer from then on. On the loop.
     */
    default Timer await(long delayMillis, Runnable task) {
        return after(delayMillis, task);
    }

    /** Whether the caller is a task of this loop. */
    boolean inLoop();

    /** The time this loop goes by. */
    SdkClock clock();

    /** A task that waits. */
    interface Timer {
        /** Takes it back; called by a task of the loop, it surely does not run any more. */
        void cancel();
    }
}
