package io.longwire.keeper.rpc;

/**
 * Says when a further small batch is worth what it costs: about 50 us of CPU on both sides, whatever it holds. Batches
 * may follow each other freely up to 2000 a second, with a few in a burst; beyond that a small one waits up to 0.5 ms
 * for company. A caller that waits for each answer before it asks again never gets company: when waiting brought
 * nothing some times, it stops but for one try in 64. Owned by the stream's loop.
 */
final class Pacer {
    static final long INTERVAL_NANOS = 500_000;
    static final long BURST_NANOS = 4 * INTERVAL_NANOS;
    private static final int MOST_HOPE = 8;
    private static final int TRY_AGAIN = 64;

    private long nextTime;
    private boolean known;
    private boolean waited;
    private int hope = MOST_HOPE / 2;
    private int skipped;

    /** Nanoseconds to wait before a small batch; 0 = send it now. */
    long pause(long now) {
        long early = known ? nextTime - now - BURST_NANOS : 0;
        if (early <= 0) {
            return 0;
        }
        if (hope == 0 && ++skipped % TRY_AGAIN != 0) {
            return 0;
        }
        waited = true;
        return INTERVAL_NANOS;
    }

    /** A batch of so many items went out. */
    void sent(long now, int items) {
        long base = known && nextTime - now > 0 ? nextTime : now;
        nextTime = Math.min(base - now, BURST_NANOS) + now + INTERVAL_NANOS;
        known = true;
        if (waited) {
            waited = false;
            hope = items > 1 ? Math.min(MOST_HOPE, hope + 1) : hope / 2;
        }
    }
}
