package io.longwire.saver.partition;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import java.sql.SQLException;

/**
 * Walks all slots in ranges of the primary key, each meant to take at most half a second: a range that took longer
 * makes the next ones smaller, a fast one makes them larger.
 */
public final class SlotRanges {
    private static final long TARGET_MILLIS = 500;

    private final Clock clock;
    private int width = 256;

    public SlotRanges(Clock clock) {
        this.clock = clock;
    }

    /** What is done for the slots from {@code first} to {@code last}, both included. */
    public interface Step {
        void run(int first, int last) throws SQLException;
    }

    /** Blocks until all slots are done. */
    public void walk(Step step) throws SQLException {
        for (int first = 0; first < Slots.COUNT;) {
            int last = Math.min(Slots.COUNT, first + width) - 1;
            long before = clock.millis();
            step.run(first, last);
            long taken = clock.millis() - before;
            if (taken > TARGET_MILLIS) {
                width = Math.max(1, width / 2);
            } else if (taken < TARGET_MILLIS / 4) {
                width = Math.min(Slots.COUNT, width * 2);
            }
            first = last + 1;
        }
    }
}
