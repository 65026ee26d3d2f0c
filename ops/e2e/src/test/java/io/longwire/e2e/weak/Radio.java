package io.longwire.e2e.weak;

/**
 * A phone's radio as its battery sees it: it stays awake for ten seconds after whatever goes or comes, and wakes up for
 * what comes later. By the phone's clock. Thread-safe.
 */
final class Radio implements Runnable {
    private static final long TAIL_MILLIS = 10_000;

    private final PhoneClock clock;
    private long lastAt; // guarded by this, as all that follows
    private long silence;
    private int wakeUps;

    Radio(PhoneClock clock) {
        this.clock = clock;
    }

    /** Something goes or comes. */
    @Override
    public synchronized void run() {
        long now = clock.elapsedMillis();
        if (now - lastAt >= TAIL_MILLIS) {
            wakeUps++;
            silence = now - lastAt;
        }
        lastAt = now;
    }

    synchronized int wakeUps() {
        return wakeUps;
    }

    /** When something went or came last, by the phone's clock. */
    synchronized long lastAt() {
        return lastAt;
    }

    /** How long it slept before it woke up last. */
    synchronized long silenceMillis() {
        return silence;
    }
}
