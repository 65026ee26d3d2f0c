package io.longwire.center.mint;

import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Mints message ids: time, lease of this process, counter. No two ids of the platform are equal, because no two
 * processes hold a lease at once and a lease is not given again for 24 h; within a process ids only grow.
 *
 * <p>Time and counter are one number, so the 4,097th id of a millisecond is the first of the next one: ids run
 * ahead of the clock by no more than the burst was larger than 4 million a second, and nobody waits. A clock that
 * goes back by up to 5 s is bridged in the same way, counting on from the last id; beyond that nothing is minted
 * until it has caught up. A lease that changes under way (a new incarnation) only makes ids differ more.
 * Thread-safe, lock-free.
 */
public final class MessageIds {
    /** How far the machine's clock may go back before minting stops. */
    public static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

    private static final int COUNTER_BITS = 12;

    private final Clock clock;
    private final Cluster cluster;
    private final AtomicLong last = new AtomicLong(); // unix ms << 12 | counter

    public MessageIds(Clock clock, Cluster cluster) {
        this.clock = clock;
        this.cluster = cluster;
    }

    /**
     * The next id. Throws {@link Refused} NOT_SERVING while fenced, without a lease, or with a clock that went
     * back.
     */
    public long mint() {
        if (cluster.fenced()) {
            throw notServing("cluster: cut off (expected: contact with ZooKeeper, or none has it)");
        }
        int lease = cluster.self().index();
        if (lease < 0 || lease > MessageId.LEASE_MAX) {
            throw notServing("lease: " + lease + " (expected: 0 to " + MessageId.LEASE_MAX + ")");
        }
        long next = advance(clock.wallMillis());
        return MessageId.of(next >>> COUNTER_BITS, lease, (int) next & MessageId.COUNTER_MAX);
    }

    private long advance(long now) {
        while (true) {
            long previous = last.get();
            long behind = (previous >>> COUNTER_BITS) - now;
            if (behind > CLOCK_TOLERANCE.toMillis()) {
                throw Refused.later(Why.NOT_SERVING,
                        "clock: " + behind + " ms behind the last message id (expected: at most "
                                + CLOCK_TOLERANCE.toMillis() + ")",
                        Duration.ofMillis(behind - CLOCK_TOLERANCE.toMillis()));
            }
            long next = behind < 0 ? now << COUNTER_BITS : previous + 1;
            if (last.compareAndSet(previous, next)) {
                return next;
            }
        }
    }

    private static Refused notServing(String detail) {
        return Refused.later(Why.NOT_SERVING, detail, Duration.ofSeconds(1));
    }
}
