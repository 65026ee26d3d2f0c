package io.longwire.testkit.chaos;

import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * One direction through a {@link ChaosProxy}: what is wrong with it, and what went through. A change holds for open and
 * future connections and takes effect at once, for bytes already waiting too. Thread-safe.
 */
public final class Direction {
    /** How bytes vanish. */
    public enum Hole {
        /** They do not. */
        OPEN,
        /** They are read and thrown away, ends of stream too: the sender believes all is well. */
        DISCARD,
        /** They are read no more: the sender's buffers fill, nothing is lost, and all goes on when it opens again. */
        STALL
    }

    private final AtomicLong forwarded = new AtomicLong();
    private final AtomicLong discarded = new AtomicLong();
    private final AtomicLong corrupted = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Faults faults = Faults.NONE;

    Direction() {}

    /** Every read is passed on so much later. At most 256 KiB of a connection are under way. */
    public Direction delay(Duration delay) {
        return delay(delay, Duration.ZERO);
    }

    /** The same, plus a part of the jitter drawn anew for each read. Bytes never overtake each other. */
    public Direction delay(Duration delay, Duration jitter) {
        return change(now -> now.delay(delay, jitter));
    }

    /** No connection passes more per second; 0 lifts the limit. */
    public Direction throttle(long bytesPerSecond) {
        return change(now -> now.bytesPerSecond(bytesPerSecond));
    }

    /** Swallows this direction only; the other goes on. */
    public Direction blackHole(Hole hole) {
        return change(now -> now.hole(hole));
    }

    /** Flips one bit, drawn from the seed, of every n-th byte of each connection; 0 stops it. */
    public Direction corruptEvery(long bytes) {
        return change(now -> now.corruptEvery(bytes));
    }

    /** Cuts a connection when exactly so many of its bytes have gone through, those before this call counted. */
    public Direction cutAfter(long bytes) {
        return change(now -> now.cutAfter(bytes, false));
    }

    /** The same with a reset (RST) of both sides; 0: at the first byte, which goes nowhere. */
    public Direction resetAfter(long bytes) {
        return change(now -> now.cutAfter(bytes, true));
    }

    /** Nothing is wrong any more. */
    public Direction heal() {
        return change(now -> Faults.NONE);
    }

    /** Bytes that went through, of all connections. */
    public long forwardedBytes() {
        return forwarded.get();
    }

    /** Bytes that vanished in a hole or a half-open connection. */
    public long discardedBytes() {
        return discarded.get();
    }

    /** Bytes that went through with a flipped bit. */
    public long corruptedBytes() {
        return corrupted.get();
    }

    void countForwarded(long bytes) {
        forwarded.addAndGet(bytes);
    }

    void countDiscarded(long bytes) {
        discarded.addAndGet(bytes);
    }

    void countCorrupted() {
        corrupted.incrementAndGet();
    }

    private Direction change(UnaryOperator<Faults> how) {
        lock.lock();
        try {
            faults = how.apply(faults);
            changed.signalAll();
            return this;
        } finally {
            lock.unlock();
        }
    }

    /** Lets those who wait in {@link #await} look again. */
    void wake() {
        change(now -> now);
    }

    /** Waits until what was read may go on, and says what is to happen to it. */
    Faults await(Chunk chunk, long freeAtNanos, Link link) throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                var now = faults;
                if (link.halfOpen()) {
                    return now;
                }
                if (now.hole() == Hole.STALL) {
                    changed.await();
                    continue;
                }
                long due = now.dueNanos(chunk.readAtNanos(), chunk.luck());
                long at = now.bytesPerSecond() > 0 ? Math.max(due, freeAtNanos) : due;
                long left = at - Clock.system().nanos();
                if (left <= 0) {
                    return now;
                }
                changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
