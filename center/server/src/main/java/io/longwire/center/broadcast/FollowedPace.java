package io.longwire.center.broadcast;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * The limit of one app as this center follows what coordinators say: down at once, up by equal steps, since a pace that
 * jumps up would be too much again. What was not said again within its time is believed no more, and then the limit
 * goes up by such steps until there is none. A Push-Pace that rises is the backend's own wish, and is followed at once.
 * Not thread-safe; times are those of a monotonic clock.
 */
final class FollowedPace {
    static final double LEAST_SHARE = 0.01;
    static final double LEAST_PER_SECOND = 1;
    /** Of the whole pace, a second. */
    static final double STEP = 0.02;
    /** Of the Push-Pace that is not heard any more, a second. */
    static final double PUSH_STEP = 0.1;
    /** After so long without one there is no limit by Push-Pace. */
    static final Duration OPEN = Duration.ofSeconds(60);

    private static final double SECOND = 1e9;

    private double share = 1;
    private long shareAt;
    private boolean begun;
    private double saidShare = 1;
    private String saidWhy = "";
    private long saidUntil;
    private double push; // 0 = none
    private long pushUntil;

    /**
     * Coordinators have said this.
     *
     * @param saying of the whole pace, 0 to 1
     * @param pushPace messages a second
     * @param ttl how long it is to be believed
     */
    void hear(long nanos, double saying, OptionalInt pushPace, String why, Duration ttl) {
        follow(nanos);
        saidShare = Math.clamp(saying, LEAST_SHARE, 1);
        saidWhy = why;
        saidUntil = nanos + ttl.toNanos();
        if (!begun || saidShare < share) {
            share = saidShare;
        }
        begun = true;
        shareAt = nanos;
        if (pushPace.isPresent()) {
            push = Math.max(LEAST_PER_SECOND, pushPace.getAsInt());
            pushUntil = saidUntil;
        } else if (push > 0 && pushUntil - nanos > 0) {
            pushUntil = nanos; // it is over, and the limit rises from now on
        }
    }

    Limit limit(long nanos) {
        follow(nanos);
        double perSecond = perSecond(nanos);
        if (perSecond == 0 && share == 1) {
            return Limit.NONE;
        }
        return new Limit(share, perSecond, share < 1 ? saidWhy : "");
    }

    private double perSecond(long nanos) {
        if (push == 0 || pushUntil - nanos >= 0) {
            return push;
        }
        long since = nanos - pushUntil;
        if (since > OPEN.toNanos()) {
            push = 0;
            return 0;
        }
        return push + since / SECOND * Math.max(1, push * PUSH_STEP);
    }

    private void follow(long nanos) {
        double goal = begun && saidUntil - nanos >= 0 ? saidShare : 1;
        if (begun && goal > share) {
            share = Math.min(goal, share + (nanos - shareAt) / SECOND * STEP);
        }
        shareAt = nanos;
    }
}
