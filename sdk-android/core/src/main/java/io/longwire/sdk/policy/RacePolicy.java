package io.longwire.sdk.policy;

import java.util.Arrays;

/**
 * Which address to dial when: one after the other with a stagger between, a few in flight, and the next at once when
 * one has failed. The first that is through wins; the caller drops the others. One instance per round.
 */
public final class RacePolicy {
    /** Stagger while the round trip time is not known. */
    public static final long STAGGER_MILLIS = 400;
    /** Dials at the same time while the user looks. */
    public static final int PARALLEL = 3;
    /** And while nobody does. */
    public static final int PARALLEL_BACKGROUND = 2;
    /** Nothing to do until something fails. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final long STAGGER_BACKGROUND_MILLIS = 2_000;
    private static final long STAGGER_MIN_MILLIS = 250;
    private static final long STAGGER_MAX_MILLIS = 2_500;

    private static final byte WAITING = 0;
    private static final byte DIALLING = 1;
    private static final byte FAILED = 2;

    private final byte[] states;
    private final long staggerMillis;
    private final int parallel;
    private final long endsAt;
    private long nextAt;

    /**
     * @param roundMillis the round is given up after so long
     */
    public RacePolicy(int candidates, long staggerMillis, int parallel, long roundMillis, long nowMillis) {
        this.states = new byte[candidates];
        this.staggerMillis = staggerMillis;
        this.parallel = parallel;
        this.endsAt = nowMillis + roundMillis;
        this.nextAt = nowMillis;
    }

    /** The stagger for a network of this smoothed round trip time; 0 = not known. */
    public static long stagger(long srttMillis, boolean foreground) {
        if (srttMillis <= 0) {
            return foreground ? STAGGER_MILLIS : STAGGER_BACKGROUND_MILLIS;
        }
        return Math.min(STAGGER_MAX_MILLIS, Math.max(STAGGER_MIN_MILLIS, 2 * srttMillis));
    }

    /** How many dials may be out at the same time. */
    public static int parallel(boolean foreground) {
        return foreground ? PARALLEL : PARALLEL_BACKGROUND;
    }

    /** The index of the candidate to dial now, or -1; ask again until it says -1. */
    public int next(long nowMillis) {
        int candidate = indexOf(WAITING);
        if (candidate < 0 || nowMillis < nextAt || nowMillis >= endsAt || count(DIALLING) >= parallel) {
            return -1;
        }
        states[candidate] = DIALLING;
        nextAt = nowMillis + staggerMillis;
        return candidate;
    }

    /** This dial failed: the next may start at once. */
    public void failed(int candidate, long nowMillis) {
        states[candidate] = FAILED;
        nextAt = nowMillis;
    }

    /** When to ask {@link #next} or {@link #isLost} again; {@link #NEVER} only after the round was lost. */
    public long dueAt() {
        if (count(FAILED) == states.length) {
            return NEVER;
        }
        return indexOf(WAITING) >= 0 && count(DIALLING) < parallel ? Math.min(nextAt, endsAt) : endsAt;
    }

    /** Whether no candidate is left, or the time of the round is over. */
    public boolean isLost(long nowMillis) {
        return count(FAILED) == states.length || nowMillis >= endsAt;
    }

    private int indexOf(byte state) {
        for (int i = 0; i < states.length; i++) {
            if (states[i] == state) {
                return i;
            }
        }
        return -1;
    }

    private int count(byte state) {
        int count = 0;
        for (byte s : states) {
            count += s == state ? 1 : 0;
        }
        return count;
    }

    @Override
    public String toString() {
        return "race " + Arrays.toString(states);
    }
}
