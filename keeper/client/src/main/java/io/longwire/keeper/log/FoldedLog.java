package io.longwire.keeper.log;

import io.longwire.keeper.clock.Clock;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One kind of warning, written at most once a second with the number of those left out in between. Make one per kind
 * of trouble. Thread-safe; a folded call costs one clock reading and one atomic add.
 */
public final class FoldedLog {
    private static final long SECOND = 1_000_000_000L;

    private final Logger log;
    private final Clock clock;
    private final AtomicLong folded = new AtomicLong();
    private final AtomicLong next;

    public FoldedLog(Logger log, Clock clock) {
        this.log = log;
        this.clock = clock;
        this.next = new AtomicLong(clock.nanos());
    }

    /** Warns, or counts. */
    public void warn(String sentence, @Nullable Throwable cause) {
        long left = claim();
        if (left >= 0) {
            log.warn("{}{}", sentence, more(left), cause);
        }
    }

    /** A bug or a loss: as warn, one level up. */
    public void error(String sentence, @Nullable Throwable cause) {
        long left = claim();
        if (left >= 0) {
            log.error("{}{}", sentence, more(left), cause);
        }
    }

    // The number folded since the last line, or -1 if this one is folded too.
    private long claim() {
        long now = clock.nanos();
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + SECOND)) {
            return folded.getAndSet(0);
        }
        folded.incrementAndGet();
        return -1;
    }

    private static String more(long left) {
        return left == 0 ? "" : " (and " + left + " more)";
    }
}
