package io.longwire.sdk.share;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an app of the group should do, from what the others that run have said. Immutable. */
public final class Plan {
    /** What to do. */
    public enum Step {
        /** Hold the connection for the group; go on, or begin. */
        HOST,
        /** Go through the app that hosts. */
        LODGE,
        /** Take the connection over from the app that hosts. */
        TAKE_OVER,
        /** A connection of one's own, for oneself: somebody else should host, and does not yet. */
        ALONE
    }

    private final Step step;
    private final String host;
    private final long epoch;

    /** What one app has said. Immutable. */
    public static final class Said {
        private final Peer peer;
        private final boolean hosting;
        private final long epoch;
        private final long heldMillis;

        public Said(Peer peer, boolean hosting, long epoch, long heldMillis) {
            this.peer = peer;
            this.hosting = hosting;
            this.epoch = epoch;
            this.heldMillis = heldMillis;
        }
    }

    private Plan(Step step, String host, long epoch) {
        this.step = step;
        this.host = host;
        this.epoch = epoch;
    }

    /**
     * Decides.
     *
     * @param own what this app would say
     * @param others those that have answered
     */
    public static Plan of(Said own, List<Said> others) {
        Said host = newestHost(own, others);
        if (host != null && (!own.hosting || isOver(host, own))) {
            boolean better = !own.hosting && own.peer == best(own, others)
                    && Election.mayReplace(host.peer, own.peer, host.heldMillis);
            return better
                    ? new Plan(Step.TAKE_OVER, host.peer.packageName(), highest(own, others) + 1)
                    : new Plan(Step.LODGE, host.peer.packageName(), host.epoch);
        }
        if (own.hosting) {
            return new Plan(Step.HOST, own.peer.packageName(), own.epoch);
        }
        boolean first = own.peer == best(own, others);
        return new Plan(first ? Step.HOST : Step.ALONE, first ? own.peer.packageName() : "", highest(own, others) + 1);
    }

    public Step step() {
        return step;
    }

    /** The package that hosts, or will; empty = none. */
    public String host() {
        return host;
    }

    /** The epoch to host under; with {@link Step#LODGE} that of the host. */
    public long epoch() {
        return epoch;
    }

    private static @Nullable Said newestHost(Said own, List<Said> others) {
        Said newest = null;
        for (Said one : others) {
            if (one.hosting && isBelieved(own, one) && (newest == null || isOver(one, newest))) {
                newest = one;
            }
        }
        return newest;
    }

    private static boolean isOver(Said one, Said other) {
        return HandOver.isOver(one.peer.packageName(), one.epoch, other.peer.packageName(), other.epoch);
    }

    private static @Nullable Peer best(Said own, List<Said> others) {
        List<Peer> all = new ArrayList<>();
        all.add(own.peer);
        for (Said one : others) {
            all.add(one.peer);
        }
        return Election.best(all);
    }

    private static long highest(Said own, List<Said> others) {
        long highest = own.epoch;
        for (Said one : others) {
            highest = isBelieved(own, one) ? Math.max(highest, one.epoch) : highest;
        }
        return highest;
    }

    private static boolean isBelieved(Said own, Said one) {
        return one.epoch <= own.epoch || HandOver.isAhead(one.epoch, own.epoch);
    }
}
