package io.longwire.keeper.server.config;

import io.longwire.keeper.clock.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Who does not answer, and since when: of questions that were asked one after another. One thread. */
final class Silence {
    private static final long TOO_LONG_MILLIS = 10_000;

    private final Clock clock;
    private final Map<String, Spell> spells = new HashMap<>();

    /** By the monotonic clock. */
    private record Spell(long since, long last) {
    }

    Silence(Clock clock) {
        this.clock = clock;
    }

    /** It did not answer just now: why it counts as gone, if that has been so for too long. */
    Optional<String> silent(String member, String name) {
        long now = clock.millis();
        Spell known = spells.get(member);
        // nobody asked for a while, so nobody knows what it would have said
        long since = known == null || now - known.last > TOO_LONG_MILLIS ? now : known.since;
        spells.put(member, new Spell(since, now));
        return now - since > TOO_LONG_MILLIS
                ? Optional.of(name + ": has not answered for " + (now - since) + " ms (expected: an answer)")
                : Optional.empty();
    }

    void answered(String member) {
        spells.remove(member);
    }

    void forget() {
        spells.clear();
    }
}
