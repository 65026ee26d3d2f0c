package io.longwire.room.presence;

import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which apps' events somebody wants: all, but those a coordinator said nobody wants. After 30 s of silence they are
 * tried again, until an answer says wanted or not, or there is none: then the last word holds for 30 s more, so that
 * coordinators that are away have no room pile up what nobody wants. A word that somebody wants them is newer than any
 * answer to what was sent before it. About 60 bytes for each app that is not wanted. Thread-safe, never blocks.
 */
final class WantedApps {
    private static final long UNWANTED_NANOS = Duration.ofSeconds(30).toNanos();

    private final Clock clock;
    private final ConcurrentMap<Integer, Word> words = new ConcurrentHashMap<>();

    /**
     * The last word on an app.
     *
     * @param unwanted nobody wanted it, as far as is known
     * @param askedForNanos when somebody last asked for it
     * @param silentUntilNanos if unwanted, nothing is told before
     */
    private record Word(boolean unwanted, long askedForNanos, long silentUntilNanos) {
        Word silentUntil(long nanos) {
            return new Word(true, askedForNanos, nanos);
        }
    }

    WantedApps(Clock clock) {
        this.clock = clock;
    }

    boolean wants(int appId) {
        Word word = words.get(appId);
        return word == null || !word.unwanted || clock.nanos() - word.silentUntilNanos >= 0;
    }

    /** Somebody wants the app's events from now on. */
    void wanted(int appId) {
        long now = clock.nanos();
        words.put(appId, new Word(false, now, now));
    }

    /** An answer to what was sent then said that nobody wants the app. */
    void unwanted(int appId, long sentNanos) {
        long until = clock.nanos() + UNWANTED_NANOS;
        words.compute(appId, (app, word) -> {
            if (word == null) {
                return new Word(true, sentNanos - 1, until);
            }
            return word.askedForNanos - sentNanos >= 0 ? word : word.silentUntil(until);
        });
    }

    /** An answer to what was sent of the app did not say that nobody wants it. */
    void kept(int appId) {
        words.computeIfPresent(appId, (app, word) -> word.unwanted ? null : word);
    }

    /** What was sent of the app is not answered; true = the last word was that nobody wants it, and holds on. */
    boolean stillUnwanted(int appId) {
        long until = clock.nanos() + UNWANTED_NANOS;
        Word now = words.computeIfPresent(appId, (app, word) -> word.unwanted ? word.silentUntil(until) : word);
        return now != null && now.unwanted;
    }
}
