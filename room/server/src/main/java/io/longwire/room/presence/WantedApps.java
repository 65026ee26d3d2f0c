package io.longwire.room.presence;

import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which apps' events somebody wants: all, but those a coordinator said nobody wants, for 30 s from then on. A word that
 * somebody wants them is newer than any answer to what was sent before it. About 60 bytes for each app that is not
 * wanted. Thread-safe, never blocks.
 */
final class WantedApps {
    private static final long UNWANTED_NANOS = Duration.ofSeconds(30).toNanos();

    private final Clock clock;
    private final ConcurrentMap<Integer, Word> words = new ConcurrentHashMap<>();

    /**
     * The last word on an app.
     *
     * @param askedForNanos when somebody last asked for it
     * @param silentUntilNanos nothing is told before
     */
    private record Word(long askedForNanos, long silentUntilNanos) {
    }

    WantedApps(Clock clock) {
        this.clock = clock;
    }

    boolean wants(int appId) {
        Word word = words.get(appId);
        return word == null || clock.nanos() - word.silentUntilNanos >= 0;
    }

    /** Somebody wants the app's events from now on. */
    void wanted(int appId) {
        long now = clock.nanos();
        words.put(appId, new Word(now, now));
    }

    /** An answer to what was sent then said that nobody wants the app. */
    void unwanted(int appId, long sentNanos) {
        long now = clock.nanos();
        words.compute(appId, (app, word) -> word != null && word.askedForNanos - sentNanos >= 0
                ? word
                : new Word(word == null ? sentNanos - 1 : word.askedForNanos, now + UNWANTED_NANOS));
    }
}
