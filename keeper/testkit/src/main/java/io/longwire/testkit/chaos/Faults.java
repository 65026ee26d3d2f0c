package io.longwire.testkit.chaos;

import java.time.Duration;

/**
 * What is wrong with one direction now.
 *
 * @param jitter up to so much is added to the delay of each read, drawn from the seed; the order of bytes stays
 * @param bytesPerSecond of each connection; 0 = no limit
 * @param corruptEvery one bit of every n-th byte of a connection is flipped; 0 = none
 * @param cutAfter a connection is cut when it has forwarded so many bytes; -1 = never
 * @param byReset the cut is a reset (RST), else an end in order (FIN)
 */
record Faults(Duration delay, Duration jitter, long bytesPerSecond, Direction.Hole hole, long corruptEvery,
        long cutAfter, boolean byReset) {
    static final Faults NONE = new Faults(Duration.ZERO, Duration.ZERO, 0, Direction.Hole.OPEN, 0, -1, false);

    private static final long SLICES_PER_SECOND = 50;

    Faults {
        if (delay.isNegative() || jitter.isNegative() || bytesPerSecond < 0 || corruptEvery < 0 || cutAfter < -1) {
            throw new IllegalArgumentException("faults: negative amount (expected: zero or more)");
        }
    }

    Faults delay(Duration base, Duration more) {
        return new Faults(base, more, bytesPerSecond, hole, corruptEvery, cutAfter, byReset);
    }

    Faults bytesPerSecond(long limit) {
        return new Faults(delay, jitter, limit, hole, corruptEvery, cutAfter, byReset);
    }

    Faults hole(Direction.Hole kind) {
        return new Faults(delay, jitter, bytesPerSecond, kind, corruptEvery, cutAfter, byReset);
    }

    Faults corruptEvery(long bytes) {
        return new Faults(delay, jitter, bytesPerSecond, hole, bytes, cutAfter, byReset);
    }

    Faults cutAfter(long bytes, boolean reset) {
        return new Faults(delay, jitter, bytesPerSecond, hole, corruptEvery, bytes, reset);
    }

    /** When bytes read at that time may go on. */
    long dueNanos(long readAtNanos, double luck) {
        return readAtNanos + delay.toNanos() + (long) (jitter.toNanos() * luck);
    }

    /** How many of the bytes go in one write: few when throttled, so that the flow is smooth; never past the cut. */
    int slice(int waiting, long forwarded) {
        long most = waiting;
        if (bytesPerSecond > 0) {
            most = Math.min(most, Math.max(1, bytesPerSecond / SLICES_PER_SECOND));
        }
        if (cutAfter >= 0) {
            most = Math.min(most, cutAfter - forwarded);
        }
        return (int) most;
    }

    boolean cutDue(long forwarded) {
        return cutAfter >= 0 && forwarded >= cutAfter;
    }
}
