package io.longwire.room.session;

/** So many a second, with a burst of one second's worth, in the loop's ticks. Owner: one thread. */
public final class TokenBucket {
    private double perTick;
    private double burst;
    private double tokens;
    private int filledAt;

    public TokenBucket(int perSecond) {
        rate(perSecond);
        tokens = burst;
    }

    /** Changes the rate; tokens above the new burst are lost. */
    public void rate(int perSecond) {
        perTick = (double) perSecond / Loop.TICKS_PER_SECOND;
        burst = Math.max(1, perSecond);
        tokens = Math.min(tokens, burst);
    }

    public boolean take(int tick) {
        tokens = Math.min(burst, tokens + (tick - filledAt) * perTick);
        filledAt = tick;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
