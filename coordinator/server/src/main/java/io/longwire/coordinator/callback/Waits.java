package io.longwire.coordinator.callback;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;

/** How long until the next attempt. Static, any thread. */
final class Waits {
    private static final int MAX_SHIFT = 30;
    private static final int MAX_DIGITS = 9;

    private Waits() {
    }

    /** Doubling with each attempt (1 = the first failed), anywhere between half of it and all of it. */
    static long backoffMillis(int attempt, Duration first, Duration most) {
        long whole = Math.min(first.toMillis() << Math.clamp(attempt - 1, 0, MAX_SHIFT), most.toMillis());
        long bound = Math.max(1, whole);
        return bound - ThreadLocalRandom.current().nextLong(bound / 2 + 1);
    }

    /** What a Retry-After asks for, in seconds or as an HTTP date, at most so much; 0 = nothing that can be read. */
    static long retryAfterMillis(String header, long nowMillis, Duration most) {
        String text = header.strip();
        if (text.isEmpty()) {
            return 0;
        }
        if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text.length() > MAX_DIGITS
                    ? most.toMillis()
                    : Math.min(Long.parseLong(text) * 1_000, most.toMillis());
        }
        try {
            long at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)).toEpochMilli();
            return Math.clamp(at - nowMillis, 0, most.toMillis());
        } catch (DateTimeException unreadable) {
            return 0;
        }
    }
}
