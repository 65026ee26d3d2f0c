package io.longwire.room.session;

import java.time.Duration;
import org.agrona.collections.Long2LongHashMap;

/**
 * How often an endpoint may do something: so many at once, then one a step. Remembers one number for each endpoint that
 * did it lately, and at most so many of them; beyond that, strangers wait a step. Owner: the loop.
 */
public final class EndpointRate {
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final int burst;
    private final long stepMillis;
    private final int bound;
    /** The moment at which an endpoint's allowance is whole again. */
    private final Long2LongHashMap wholeAt = new Long2LongHashMap(UNKNOWN);
    private long sweptAt = UNKNOWN;

    /**
     * @param burst at once
     * @param step after which one more may
     * @param bound of the endpoints remembered
     */
    public EndpointRate(int burst, Duration step, int bound) {
        this.burst = burst;
        this.stepMillis = step.toMillis();
        this.bound = bound;
    }

    /** Returns 0 if it may now, else the milliseconds after which it may. */
    public int take(long endpointId, int tick) {
        long now = (long) tick * Loop.TICK_MILLIS;
        long whole = wholeAt.get(endpointId);
        if (whole == UNKNOWN && wholeAt.size() >= bound && !sweep(now)) {
            return (int) stepMillis;
        }
        long next = Math.max(whole, now) + stepMillis;
        long wait = next - now - burst * stepMillis;
        if (wait > 0) {
            return (int) wait;
        }
        wholeAt.put(endpointId, next);
        return 0;
    }

    /** Forgets who is whole again, once a tick at most; false = there is no room all the same. */
    private boolean sweep(long now) {
        if (sweptAt != now) {
            sweptAt = now;
            wholeAt.values().removeIfLong(at -> at <= now);
        }
        return wholeAt.size() < bound;
    }

    /** Endpoints remembered. */
    public int remembered() {
        return wholeAt.size();
    }
}
