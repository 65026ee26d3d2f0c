package io.longwire.room.session;

/** The thread a loop runs on. Thread-safe. */
public interface LoopThread {
    /** Runs the task on the thread, soon, after what was handed over before. */
    void execute(Runnable task);

    /** Whether the caller is on the thread. */
    boolean here();
}
