package io.longwire.sdk.loop;

/** Wakes a phone that sleeps: its processor stands still then, and with it every timer of the Java process. */
public interface Wakeups {
    /** In place of a time: nothing is to be woken for. */
    long NEVER = Long.MAX_VALUE;

    /**
     * Has {@code due} run when the clock has come so far, also when the phone sleeps until then; a few minutes late
     * where the system grants no better. Takes the place of the last wish. Called by the loop; returns at once.
     *
     * @param elapsedMillis by the clock of the loop, or {@link #NEVER}
     * @param due may be run by any thread, also too early, and more than once
     */
    void wakeAt(long elapsedMillis, Runnable due);

    /**
     * Keeps the phone awake until the clock has come so far: an answer of the network is awaited, and what it may take
     * is judged by a timer that must not be slept through. Takes the place of the last wish. Called by the loop;
     * returns at once.
     *
     * @param elapsedMillis by the clock of the loop; one that has passed, as at first = the phone may sleep
     */
    default void stayAwake(long elapsedMillis) {
        // For what does not sleep.
    }
}
