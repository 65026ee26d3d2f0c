package io.longwire.room.rig;

import io.longwire.room.session.LoopThread;
import java.util.ArrayDeque;

/** A loop's thread that runs when the test says. */
final class FakeThread implements LoopThread {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private int inside;

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public boolean here() {
        return inside > 0;
    }

    /** As if on the loop. */
    void run(Runnable work) {
        inside++;
        try {
            work.run();
        } finally {
            inside--;
        }
    }

    /** Runs what was handed over; returns whether there was anything. */
    boolean runWaiting() {
        Runnable task = tasks.poll();
        if (task == null) {
            return false;
        }
        run(task);
        return true;
    }
}
