package io.longwire.sdk.share;

import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.loop.TimerSlot;

/**
 * The state of one app in its group, and the way the connection goes from one host to the next without a moment in
 * which nobody has it. Two steps, both asked for by the one that will hold it:
 *
 * <pre>
 * candidate                              host (epoch e)
 *   prepare(n), n &gt; e       ------&gt;        promises to nobody else for a minute, serves on
 *   connects, is online
 *   commit(n)               ------&gt;        tells its guests who serves now, flushes, leaves, becomes a guest
 * </pre>
 *
 * Whatever fails before the commit leaves the host as it was; a candidate that dies is forgotten after the minute. A
 * host that dies with the commit under way leaves a candidate that is online, and guests that look for a host. Epochs
 * only grow, each is used once, and who hears of a newer one than its own believes it: two hosts that were apart find
 * each other so, and the older one yields; of two that took the same number, the one whose name comes later. A number
 * that is further ahead than hand-overs can have led is not believed, or one bad app would use up the numbers of all.
 * Belongs to the loop.
 */
public final class HandOver {
    /** A promise holds so long. */
    public static final long PROMISE_MILLIS = 60_000;
    /** An epoch that is further ahead is not believed: hand-overs are days apart. */
    static final long AHEAD_MAX = 1 << 20;
    /** No epoch is beyond. */
    private static final long EPOCH_MAX = 1L << 60;

    /** What a host answers. */
    public enum Answer {
        /** As asked. */
        YES,
        /** Not the host: ask the one it names. */
        NOT_HOST,
        /** The epoch does not come after the host's, or not soon after, or is not the one that was promised. */
        EPOCH_OLD,
        /** Another candidate has the promise. */
        BUSY,
        /** The host stays: its time is not over, or it is the better one. */
        STAYS
    }

    /** What follows; on the loop. */
    public interface Events {
        /** This app gives the connection up to that package; its guests are to be told. */
        void onYield(String to, long epoch);
    }

    private final Loop loop;
    private final Peers own;
    private final Events events;
    private final TimerSlot promise;
    private boolean hosting;
    private long epoch;
    private long sinceMillis;
    private String promisedTo = "";
    private long promised; // the epoch

    /** What this app says of itself now. */
    public interface Peers {
        Peer own();
    }

    /** @param epoch the last one known, from the disk */
    public HandOver(Loop loop, long epoch, Peers own, Events events) {
        this.loop = loop;
        this.epoch = epoch < 0 || epoch >= EPOCH_MAX ? 0 : epoch; // the disk may tell anything
        this.own = own;
        this.events = events;
        this.promise = new TimerSlot(loop);
    }

    public boolean isHosting() { return hosting; }

    public long epoch() {
        return epoch;
    }

    /** How long this app has been the host; 0 = it is not. */
    public long heldMillis() {
        return hosting ? loop.clock().elapsedMillis() - sinceMillis : 0;
    }

    /**
     * This app holds the connection from now on: nobody did, or the host has said yes.
     *
     * @param next as it was prepared; the one after every epoch heard of
     * @return false when a newer one was heard of meanwhile: this app must not
     */
    public boolean host(long next) {
        if (!isAhead(next, epoch)) {
            return false;
        }
        epoch = next;
        hosting = true;
        sinceMillis = loop.clock().elapsedMillis();
        forgetPromise();
        return true;
    }

    /** Whether that epoch comes after this one, and can be believed. */
    static boolean isAhead(long next, long known) {
        return next > known && next <= EPOCH_MAX && next - known <= AHEAD_MAX;
    }

    /** A candidate wants the connection. */
    public Answer prepare(Peer candidate, long next) {
        Answer no = refuses(candidate, next);
        if (no != Answer.YES) {
            return no;
        }
        if (!Election.mayReplace(own.own(), candidate, heldMillis())) {
            return Answer.STAYS;
        }
        promisedTo = candidate.packageName();
        promised = next;
        promise.set(PROMISE_MILLIS, () -> promisedTo = "");
        return Answer.YES;
    }

    /** The candidate is online. */
    public Answer commit(Peer candidate, long next) {
        Answer no = refuses(candidate, next);
        if (no != Answer.YES) {
            return no;
        }
        if (promisedTo.isEmpty()) {
            return Answer.STAYS; // the promise has run out
        }
        if (next != promised) {
            return Answer.EPOCH_OLD;
        }
        giveUp(candidate.packageName(), next);
        return Answer.YES;
    }

    /** The candidate has given it up. */
    public void abort(Peer candidate) {
        if (promisedTo.equals(candidate.packageName())) {
            forgetPromise();
        }
    }

    /** Of two hosts, whether the one stays. Names do not change between two looks, as all else may. */
    static boolean isOver(String one, long epoch, String other, long otherEpoch) {
        return epoch > otherEpoch || (epoch == otherEpoch && one.compareTo(other) < 0);
    }

    /** Somebody says that this package has been the host since that epoch. */
    public void heard(String packageName, long of) {
        String self = own.own().packageName();
        boolean believed = of == epoch || isAhead(of, epoch);
        if (!believed || packageName.equals(self)) {
            return;
        }
        if (!hosting) {
            epoch = of;
        } else if (isOver(packageName, of, self, epoch)) {
            giveUp(packageName, of);
        }
    }

    private Answer refuses(Peer candidate, long next) {
        if (!hosting) {
            return Answer.NOT_HOST;
        }
        if (!isAhead(next, epoch)) {
            return Answer.EPOCH_OLD;
        }
        return promisedTo.isEmpty() || promisedTo.equals(candidate.packageName()) ? Answer.YES : Answer.BUSY;
    }

    private void giveUp(String to, long next) {
        hosting = false;
        epoch = next;
        forgetPromise();
        events.onYield(to, next);
    }

    private void forgetPromise() {
        promisedTo = "";
        promise.cancel();
    }
}
