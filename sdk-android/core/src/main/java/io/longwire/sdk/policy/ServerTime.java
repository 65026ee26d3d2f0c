package io.longwire.sdk.policy;

import io.longwire.device.id.MessageId;
import io.longwire.sdk.loop.SdkClock;

/**
 * The platform's time, on a phone whose wall clock may be wrong: the last time a server told, plus what has elapsed
 * since. Before the first server spoke it is the wall clock. Owned by the loop; {@link #nowMillis} by any thread.
 */
public final class ServerTime {
    private final SdkClock clock;
    private volatile long aheadOfElapsed = Long.MIN_VALUE;

    public ServerTime(SdkClock clock) {
        this.clock = clock;
    }

    /** A server said it is this time now, unix ms; what no message id could carry is not believed. */
    public void told(long unixMillis) {
        if (unixMillis >= MessageId.EPOCH_MS && unixMillis <= MessageId.TIME_MAX_MS) {
            aheadOfElapsed = unixMillis - clock.elapsedMillis();
        }
    }

    /** Unix ms by the platform's clock as far as it is known. */
    public long nowMillis() {
        long ahead = aheadOfElapsed;
        return ahead == Long.MIN_VALUE ? clock.wallMillis() : clock.elapsedMillis() + ahead;
    }
}
