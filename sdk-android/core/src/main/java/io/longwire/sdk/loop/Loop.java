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
