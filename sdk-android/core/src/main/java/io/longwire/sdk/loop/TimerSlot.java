package io.longwire.sdk.loop;

import org.jspecify.annotations.Nullable;

/** Room for one waiting task: setting a second takes back the first. Belongs to the loop. */
public final class TimerSlot {
    private final Loop loop;
    private Loop.@Nullable Timer waiting;

    public TimerSlot(Loop loop) {
        this.loop = loop;
    }

    /** Runs the task after so many milliseconds, instead of the one that waits. */
    public void set(long delayMillis, Runnable task) {
        cancel();
        waiting = loop.after(delayMillis, () -> {
            waiting = null;
            task.run();
        });
    }

    /** Takes back what waits. */
    public void cancel() {
        Loop.Timer old = waiting;
        if (old != null) {
            old.cancel();
            waiting = null;
        }
    }

    /** Whether a task waits. */
    public boolean isSet() { return waiting != null; }
}
