package io.longwire.sdk.loop;

/**
 * Notices that the process stood still: stopped by a signal, or by the freezer of Android, which takes the processor
 * from apps in the background and tells them nothing. The loop waits in slices of {@link #SLICE_MILLIS}; one that ends
 * more than {@link #LATE_MILLIS} late shows it. A stop as long as both is always seen, a shorter one by luck. A loop
 * that was busy for so long looks the same, and is told of as well.
 *
 * <p>The slices go by {@code System.nanoTime}, as all timers of a process do: on Android a clock that stands while the
 * phone sleeps, and goes on while a process is frozen. So sleep is not taken for a freeze, and no phone is woken for a
 * slice; {@link Wakeups} serve sleep. It costs a thread that wakes for some microseconds each 10 s, while the processor
 * is awake anyway, and nothing where there is nothing to watch for. Belongs to the loop.
 */
public final class FreezeWatch {
    static final long SLICE_MILLIS = 10_000;
    static final long LATE_MILLIS = 2_000;

    private final Loop thread;
    private final SdkClock awake;
    private final Watched watched;
    private boolean waiting;
    private long dueAt;

    /** What is watched for; called on the loop. */
    public interface Watched {
        /** Whether there is anything to watch for; if not, no further slice is waited for until {@link #begin}. */
        boolean isThere();

        /** The process stood still, and runs again since just now. */
        void onFreeze();
    }

    /**
     * @param thread whose timers go by the process's own clock, so that no alarm is set for a slice
     * @param awake that clock: it stands while the phone sleeps, and goes on while the process is frozen
     */
    public FreezeWatch(Loop thread, SdkClock awake, Watched watched) {
        this.thread = thread;
        this.awake = awake;
        this.watched = watched;
    }

    /** There is something to watch for. Does nothing when it is watched for already. */
    public void begin() {
        if (!waiting) {
            waiting = true;
            slice();
        }
    }

    /** To be called before each task of the loop: a freeze is known before anything that fell due in it is done. */
    public void look() {
        long now = awake.elapsedMillis();
        if (waiting && now - dueAt > LATE_MILLIS) {
            dueAt = now; // told once; the slice ends by its own timer, which is the next to run
            if (watched.isThere()) {
                watched.onFreeze();
            }
        }
    }

    private void slice() {
        dueAt = awake.elapsedMillis() + SLICE_MILLIS;
        thread.after(SLICE_MILLIS, this::ended);
    }

    private void ended() {
        waiting = watched.isThere();
        if (waiting) {
            slice();
        }
    }
}
