package io.longwire.sdk.policy;

/**
 * How many connections a phone that nobody looks at may begin: 10 in 5 minutes and 30 in an hour, whatever drops them.
 * It bounds what a broken network, a broken server or a bug of our own can cost in battery. Of these a move from a
 * connection that works may take 6 and 20, also while somebody looks: the rest is for connections that are missed.
 *
 * <p>Somebody who looks is not kept from a network that holds by what one that flapped has cost: then the backoff of
 * {@link ReconnectPolicy} alone is the bound.
 */
public final class ConnectBudget {
    private static final int SHORT = 10;
    private static final long SHORT_MILLIS = 300_000;
    private static final int LONG = 30;
    private static final long LONG_MILLIS = 3_600_000;
    private static final int SHORT_MOVES = 6;
    private static final int LONG_MOVES = 20;

    private final long[] begun = new long[LONG]; // a ring
    private int count;

    /** A connection is begun. */
    public void used(long nowMillis) {
        begun[count % LONG] = nowMillis;
        count++;
        if (count == 2 * LONG) {
            count = LONG;
        }
    }

    /** Milliseconds until the next may be begun; 0 = now. */
    public long waitMillis(long nowMillis) {
        return Math.max(after(SHORT, SHORT_MILLIS, nowMillis), after(LONG, LONG_MILLIS, nowMillis));
    }

    /** Milliseconds until the next may be begun while another one works; 0 = now. */
    public long moveWaitMillis(long nowMillis) {
        return Math.max(after(SHORT_MOVES, SHORT_MILLIS, nowMillis), after(LONG_MOVES, LONG_MILLIS, nowMillis));
    }

    // Of the last so many, the first must be so long ago.
    private long after(int most, long within, long nowMillis) {
        return count < most ? 0 : Math.max(0, begun[(count - most) % LONG] + within - nowMillis);
    }
}
