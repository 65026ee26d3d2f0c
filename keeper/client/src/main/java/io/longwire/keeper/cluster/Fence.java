package io.longwire.keeper.cluster;

import java.time.Duration;

/**
 * Whether this process may still speak for itself when ZooKeeper is away (DESIGN, section 8). It has contact when
 * ZooKeeper was heard within 2/3 of the session: others cannot have taken its place yet. Without contact it serves on
 * as long as no peer heard in the last 5 s has contact, for then ZooKeeper is away for all. With contact but with its
 * session known to be lost it is fenced until it has joined again. Thread-safe, pure: time is an argument.
 */
final class Fence {
    /** {@code contact_age_ms} of a process that has never heard ZooKeeper. */
    static final int NEVER = 0xffffffff;
    private static final long PEER_NANOS = 5_000_000_000L;

    private volatile long limitNanos;
    private volatile Moment contact = Moment.NEVER;
    private volatile Moment freshPeer = Moment.NEVER;
    private volatile boolean sessionLost;

    private record Moment(boolean known, long nanos) {
        static final Moment NEVER = new Moment(false, 0);

        boolean within(long limit, long now) {
            return known && now - nanos <= limit;
        }
    }

    Fence(Duration session) {
        session(session);
    }

    /** The session in force; the server may grant less than was asked for. */
    void session(Duration session) {
        limitNanos = session.toNanos() / 3 * 2;
    }

    /** ZooKeeper answered something that was asked at that moment. */
    void contact(long nanos) {
        Moment last = contact;
        if (!last.known || nanos - last.nanos > 0) {
            contact = new Moment(true, nanos);
        }
    }

    /** The session has ended; until {@link #joined} nobody counts this process as a member. */
    void lost() {
        sessionLost = true;
    }

    void joined() {
        sessionLost = false;
    }

    /**
     * A peer said how old its last contact is; uint32 milliseconds. When ZooKeeper goes away for all, the last contacts
     * lie less than a third of a session apart (everybody asks six times a session): only one that is later than ours
     * by more says that ZooKeeper lives on without us.
     */
    void heard(int contactAgeMillis, long now) {
        long age = Integer.toUnsignedLong(contactAgeMillis) * 1_000_000;
        if (contactAgeMillis != NEVER && age <= limitNanos && !together(contact, now - age)) {
            freshPeer = new Moment(true, now);
        }
    }

    private boolean together(Moment ours, long theirs) {
        return ours.known && theirs - ours.nanos <= limitNanos / 2;
    }

    boolean hasContact(long now) {
        return contact.within(limitNanos, now);
    }

    boolean fenced(long now) {
        return hasContact(now) ? sessionLost : freshPeer.within(PEER_NANOS, now);
    }

    /** For the stamp: uint32 milliseconds, {@link #NEVER} if there was none. */
    int ageMillis(long now) {
        Moment last = contact;
        return last.known ? (int) Math.min(0xfffffffeL, Math.max(0, (now - last.nanos) / 1_000_000)) : NEVER;
    }
}
