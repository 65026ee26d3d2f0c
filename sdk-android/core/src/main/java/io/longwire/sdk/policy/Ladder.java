package io.longwire.sdk.policy;

import java.util.Arrays;
import java.util.Random;

/**
 * How long a connection may be silent on one network before its NAT forgets it: searched for on a ladder of intervals,
 * each a round time-out of known NATs less a margin, with evidence kept for every rung by itself. (One counter for all
 * rungs never learns that a too long one fails: the beats at the shorter ones in between keep resetting it.)
 *
 * <pre>
 * 60 120 180 | 240 285 345 465 585 885 | 1185 1680      seconds; the floor is 240 until it fails
 * </pre>
 *
 * An unknown network gets three beats at the floor, or one at the rung the server named; a known one a beat at the
 * floor after each connect. Then one success climbs one rung. A rung that fails twice (the floor: three times) is
 * blocked, 6 hours at first, then 24, then about 7 days. A failure at or below the best rung known begins the search
 * again at the floor: the NAT has shrunk. Only the floor moves below 240, and it comes back as rungs above it work.
 *
 * <p>One instance per network, about 300 bytes; survives connections. Belongs to the loop.
 */
public final class Ladder {
    /** Rungs there are. */
    public static final int SIZE = 11;
    /** No rung. */
    public static final int NONE = -1;

    private static final int[] SECONDS = {60, 120, 180, 240, 285, 345, 465, 585, 885, 1185, 1680};
    private static final int FLOOR = 3;
    private static final int TOP_UNTOLD = 8;
    private static final int BEATS_UNKNOWN = 3;
    private static final int BEATS_KNOWN = 1;
    private static final int FAILURES = 2;
    private static final int FAILURES_FLOOR = 3;
    private static final long HOUR = 3_600_000;
    private static final long[] BLOCK_MILLIS = {6 * HOUR, 24 * HOUR, 7 * 24 * HOUR};
    private static final long BLOCK_SPREAD_MILLIS = 24 * HOUR;
    /** No block is longer, whatever a file says. */
    private static final long BLOCK_MAX_MILLIS = 8 * 24 * HOUR;

    private final Random random;
    private final int[] failures = new int[SIZE];
    private final int[] blocks = new int[SIZE];
    private final long[] blockedUntil = new long[SIZE];
    private int floor = FLOOR;
    private int good = NONE;
    private int bottom;
    private int top = TOP_UNTOLD;
    private int hint = NONE;
    private int beats = BEATS_UNKNOWN; // to be answered at the floor before anything longer is tried

    /** Nothing is known of the network. */
    public Ladder(Random random) {
        this.random = random;
    }

    /** What the server says, in seconds; 0 = nothing. Rungs outside are not used, without a maximum none above 885. */
    public void limits(long minSeconds, long maxSeconds, long hintSeconds) {
        top = maxSeconds <= 0 ? TOP_UNTOLD : Math.max(0, rungOf(maxSeconds * 1_000));
        bottom = 0;
        while (bottom < top && SECONDS[bottom] < minSeconds) {
            bottom++;
        }
        hint = hintSeconds <= 0 ? NONE : within(rungOf(hintSeconds * 1_000));
        if (hint != NONE && good == NONE) {
            floor = Math.min(floor, hint);
        }
    }

    /** A room accepted CONNECT on this network. */
    public void begin() {
        beats = good == NONE ? BEATS_UNKNOWN : BEATS_KNOWN;
    }

    /** The rung for the next silence. */
    public int next(long nowMillis) {
        if (good == NONE && hint != NONE && failures[hint] == 0 && isOpen(hint, nowMillis)) {
            return hint;
        }
        if (good == NONE || beats > 0) {
            return within(floor);
        }
        int higher = within(good) + 1;
        return higher <= top && isOpen(higher, nowMillis) ? higher : within(good);
    }

    /** The longest silence that may be planned once the next ping is answered, in seconds: what to tell the room. */
    public int proposedSeconds(long nowMillis) {
        int most = Math.max(next(nowMillis), within(good));
        return SECONDS[most < top && isOpen(most + 1, nowMillis) ? most + 1 : most];
    }

    /** A silence of this rung was survived. */
    public void ok(int rung) {
        for (int i = 0; i <= rung; i++) {
            failures[i] = 0;
            blockedUntil[i] = 0;
        }
        good = Math.max(good, rung);
        if (floor < FLOOR && rung > floor) {
            floor = Math.min(FLOOR, rung);
        }
        if (rung > within(floor)) {
            beats = 0;
        } else if (beats > 0 && rung == within(floor)) {
            beats--;
        }
    }

    /** A silence of this rung was not survived, and nothing but the network explains it. */
    public void bad(int rung, long nowMillis) {
        failures[rung]++;
        boolean atFloor = rung <= floor;
        boolean lower = false;
        if (failures[rung] >= (atFloor ? FAILURES_FLOOR : FAILURES)) {
            block(rung, nowMillis);
            lower = atFloor && rung > 0;
        }
        if (lower) {
            floor = rung - 1;
            good = NONE;
        } else if (rung <= good) {
            good = floor;
        }
        beats = Math.max(beats, BEATS_KNOWN);
    }

    /** The network was changed by whoever runs it: what is blocked may be tried again. */
    public void forgetBlocks() {
        Arrays.fill(blockedUntil, 0);
        Arrays.fill(blocks, 0);
    }

    /** Whether the search is over for now: only the good rung is used until a block ends. */
    public boolean isSettled(long nowMillis) {
        return good != NONE && beats == 0 && next(nowMillis) == within(good);
    }

    /** The shortest silence known to fail, in seconds; 0 = none. */
    public int badSeconds(long nowMillis) {
        for (int rung = 0; rung < SIZE; rung++) {
            if (!isOpen(rung, nowMillis)) {
                return SECONDS[rung];
            }
        }
        return 0;
    }

    /** The longest rung that is not longer than so many milliseconds, or {@link #NONE}. */
    public static int rungOf(long millis) {
        int rung = NONE;
        while (rung + 1 < SIZE && SECONDS[rung + 1] * 1_000L <= millis) {
            rung++;
        }
        return rung;
    }

    /** The silence of a rung. */
    public static long millis(int rung) {
        return SECONDS[rung] * 1_000L;
    }

    /** The best rung that was survived, or {@link #NONE}. */
    public int good() {
        return good;
    }

    public int floor() {
        return floor;
    }

    public int failures(int rung) {
        return failures[rung];
    }

    public int blocks(int rung) {
        return blocks[rung];
    }

    /** Milliseconds until the rung may be tried again; 0 = it may. */
    public long blockedForMillis(int rung, long nowMillis) {
        return Math.max(0, blockedUntil[rung] - nowMillis);
    }

    /** Takes over where an earlier process stood; what makes no sense is passed over. */
    public void restore(int wasFloor, int wasGood) {
        floor = wasFloor >= 0 && wasFloor <= FLOOR ? wasFloor : FLOOR;
        good = wasGood >= 0 && wasGood < SIZE ? wasGood : NONE;
    }

    /** As {@link #restore(int, int)}, for one rung. */
    public void restore(int rung, int failed, int blocked, long forMillis, long nowMillis) {
        if (rung >= 0 && rung < SIZE) {
            failures[rung] = Math.min(FAILURES - 1, Math.max(0, failed));
            blocks[rung] = Math.min(BLOCK_MILLIS.length, Math.max(0, blocked));
            blockedUntil[rung] = forMillis <= 0 ? 0 : nowMillis + Math.min(forMillis, BLOCK_MAX_MILLIS);
        }
    }

    private void block(int rung, long nowMillis) {
        int last = BLOCK_MILLIS.length - 1;
        int nth = Math.min(blocks[rung], last);
        long spread = nth == last ? (long) ((2 * random.nextDouble() - 1) * BLOCK_SPREAD_MILLIS) : 0;
        blockedUntil[rung] = nowMillis + BLOCK_MILLIS[nth] + spread;
        blocks[rung] = Math.min(blocks[rung] + 1, BLOCK_MILLIS.length);
        failures[rung] = 0;
    }

    private boolean isOpen(int rung, long nowMillis) {
        return nowMillis >= blockedUntil[rung];
    }

    private int within(int rung) {
        return Math.min(top, Math.max(bottom, rung));
    }

    @Override
    public String toString() {
        return "floor " + SECONDS[floor] + " s, good " + (good == NONE ? "none" : SECONDS[good] + " s");
    }
}
