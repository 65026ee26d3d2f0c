package io.longwire.sdk.policy;

/**
 * What became of the last eight tries of one address on one network, a bit each. Three failures among them ban it for
 * 6 minutes, each further one in a row for 6 more, 30 at most; one success ends that. Bursts count once in 10 seconds.
 */
public final class RouteHistory {
    private static final int BITS = 0xFF;
    private static final int FAILURES = 3;
    private static final long BAN_MILLIS = 360_000;
    private static final int BAN_STEPS = 5;
    private static final long BURST_MILLIS = 10_000;

    private int failures; // bits, the newest lowest
    private int steps;
    private long bannedUntil;
    private long failedAt = -1;

    /** It was not reached, or did not answer CONNECT. */
    public void failed(long nowMillis) {
        if (failedAt >= 0 && nowMillis - failedAt < BURST_MILLIS) {
            return;
        }
        failedAt = nowMillis;
        failures = ((failures << 1) | 1) & BITS;
        if (Integer.bitCount(failures) >= FAILURES) {
            steps = Math.min(BAN_STEPS, steps + 1);
            bannedUntil = nowMillis + steps * BAN_MILLIS;
        }
    }

    /** It answered CONNECT. */
    public void worked() {
        failures = (failures << 1) & BITS;
        steps = 0;
        bannedUntil = 0;
        failedAt = -1;
    }

    public boolean isBanned(long nowMillis) {
        return nowMillis < bannedUntil;
    }

    /** The bits, for a file. */
    public int bits() {
        return failures;
    }

    public int steps() {
        return steps;
    }

    /** Milliseconds until the ban ends; 0 = there is none. */
    public long bannedForMillis(long nowMillis) {
        return Math.max(0, bannedUntil - nowMillis);
    }

    /** Takes over where an earlier process stood; no ban is longer than the longest. */
    public void restore(int bits, int banSteps, long forMillis, long nowMillis) {
        failures = bits & BITS;
        steps = Math.min(BAN_STEPS, Math.max(0, banSteps));
        bannedUntil = forMillis <= 0 ? 0 : nowMillis + Math.min(forMillis, BAN_STEPS * BAN_MILLIS);
    }
}
