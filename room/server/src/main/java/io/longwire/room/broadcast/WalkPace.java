package io.longwire.room.broadcast;

import io.longwire.room.session.Loop;

/**
 * So many writes a second, with a burst of a tenth of a second's worth. Below one a second the first write comes after
 * a part of its time that is taken by chance: the loops of all rooms, which begin at once, would write at once, again
 * and again. Owner: the loop.
 */
final class WalkPace {
    private static final double BURST_SECONDS = 0.1;

    private final double part;
    private double perTick; // 0 = any number
    private double burst = 1;
    private double tokens;
    private int filledAt;
    private boolean slow; // below one a second
    private boolean begun;

    /** @param part of the time of its first write that has gone by when a slow pace begins: 0 to 1, by chance */
    WalkPace(double part) {
        this.part = part;
    }

    /** @param perSecond 0 = as fast as it can */
    void rate(double perSecond) {
        perTick = perSecond / Loop.TICKS_PER_SECOND;
        burst = Math.max(1, Math.max(perTick, perSecond * BURST_SECONDS));
        tokens = Math.min(tokens, burst);
        begun &= slow || perSecond == 0 || perSecond >= 1;
        slow = perSecond > 0 && perSecond < 1;
    }

    /** Whether one may be written now. */
    boolean allows(int tick) {
        if (perTick == 0) {
            return true;
        }
        tokens = begun
                ? Math.min(burst, tokens + (tick - filledAt) * perTick)
                : Math.min(tokens, 0) + (slow ? part : burst);
        begun = true;
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
