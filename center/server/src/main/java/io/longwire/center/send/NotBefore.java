package io.longwire.center.send;

import io.longwire.center.refuse.Refused;
import io.longwire.keeper.config.Units;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;

/** The time of {@code not_before}: RFC 3339, or from now. Static, any thread. */
public final class NotBefore {
    private static final Duration FARTHEST = Duration.ofDays(30);
    private static final int MAX_TEXT = 40;

    private NotBefore() {
    }

    /** Unix milliseconds. Throws {@link Refused} for a time that is none, past, or more than 30 days away. */
    public static long millis(String text, long now) {
        long time = text.length() > MAX_TEXT ? 0 : time(text, now);
        if (time <= now || time > now + FARTHEST.toMillis()) {
            throw Refused.invalid("not_before", text,
                    "a time to come, within 30 days, such as 2027-01-31T09:30:00Z or 10m");
        }
        return time;
    }

    private static long time(String text, long now) {
        try {
            Duration fromNow = Units.duration(text);
            return fromNow == null
                    ? OffsetDateTime.parse(text).toInstant().toEpochMilli()
                    : Math.addExact(now, fromNow.toMillis());
        } catch (DateTimeException | ArithmeticException none) {
            return 0;
        }
    }
}
