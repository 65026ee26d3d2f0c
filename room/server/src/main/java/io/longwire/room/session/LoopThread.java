package io.longwire.room.session;

/** The thread a loop runs on. Thread-safe. */
public interface LoopThread {
    /** Runs the task on the thread, soon, after what was handed over before. */
    void execute(Runnable task);

    /** Runs the task after what is at hand, sockets included: a long job gives way between its pieces. */
    default void later(Runnable task) {
        execute(task);
    }

    /** Whether the caller is on the thread. */
    boolean here();
}
