package io.longwire.room.profile;

import io.longwire.room.session.Loop;
import java.time.Duration;
import org.agrona.collections.Long2LongHashMap;

/**
 * How often an endpoint may change its profile: 20 at once, then 10 a minute. Remembers one number for each endpoint
 * that has changed something lately, at most 16,384 of them; beyond that, strangers wait. Owner: the loop.
 */
final class ProfileLimits {
    static final int BURST = 20;
    private static final int STEP = Loop.ticks(Duration.ofSeconds(6));
    private static final int BOUND = 16 * 1024;
    private static final long UNKNOWN = Long.MIN_VALUE;

    /** The tick at which an endpoint's allowance is whole again. */
    private final Long2LongHashMap wholeAt = new Long2LongHashMap(UNKNOWN);

    /** Returns 0 if it may, else the ticks after which it may. */
    int take(long endpointId, int now) {
        long whole = wholeAt.get(endpointId);
        if (whole == UNKNOWN && wholeAt.size() >= BOUND) {
            wholeAt.values().removeIfLong(tick -> tick <= now);
            if (wholeAt.size() >= BOUND) {
                return STEP;
            }
        }
        long next = Math.max(whole, now) + STEP;
        long wait = next - now - (long) BURST * STEP;
        if (wait > 0) {
            return (int) wait;
        }
        wholeAt.put(endpointId, next);
        return 0;
    }

    int remembered() {
        return wholeAt.size();
    }
}
