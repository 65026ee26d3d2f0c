package io.longwire.center.client.call;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times as the API spells them. */
public final class Times {
    private Times() {
    }

    /** Unix milliseconds; 0 = none. */
    public static @Nullable Instant instant(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }

    /** "90s", "1500ms". Throws IllegalArgumentException for a negative one. */
    public static String text(String name, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: not negative)");
        }
        return duration.toMillisPart() == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
