package io.longwire.room.broadcast;

import io.longwire.room.session.Loop;

/** So many writes a second, with a burst of a tenth of a second's worth. Owner: the loop. */
final class WalkPace {
    private static final double BURST_SECONDS = 0.1;

    private double perTick; // 0 = any number
    private double burst = 1;
    private double tokens;
    private int filledAt;

    /** @param perSecond 0 = as fast as it can */
    void rate(double perSecond) {
        perTick = perSecond / Loop.TICKS_PER_SECOND;
        burst = Math.max(1, Math.max(perTick, perSecond * BURST_SECONDS));
        tokens = Math.min(tokens, burst);
    }

    /** Whether one may be written now. */
    boolean allows(int tick) {
        if (perTick == 0) {
            return true;
        }
        tokens = Math.min(burst, tokens + (tick - filledAt) * perTick);
        filledAt = tick;
        return tokens >= 1;
    }

    /** One was written, allowed or not. */
    void took() {
        if (perTick != 0) {
            tokens = Math.max(tokens - 1, -burst);
        }
    }
}
