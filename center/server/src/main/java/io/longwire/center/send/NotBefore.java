package io.longwire.center.send;

import io.longwire.center.refuse.Refused;
import io.longwire.keeper.config.Units;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;

/**
 * The time of {@code not_before}: RFC 3339, or from now. A call with an idempotency key may come again because its
 * answer was lost, when its time has passed: then it may lie {@link #REPEATED} back. Static, any thread.
 */
public final class NotBefore {
    /** How late a repeated call may be. */
    public static final Duration REPEATED = Duration.ofMinutes(5);
    private static final Duration FARTHEST = Duration.ofDays(30);
    private static final int MAX_TEXT = 40;

    private NotBefore() {
    }

    /**
     * Unix milliseconds. Throws {@link Refused} for a time that is none, past, or more than 30 days away.
     *
     * @param key the idempotency key; empty = none
     */
    public static long millis(String text, long now, String key) {
        long time = text.length() > MAX_TEXT ? 0 : time(text, now);
        if (time <= earliest(now, key) || time > now + FARTHEST.toMillis()) {
            throw Refused.invalid("not_before", text,
                    "a time to come, within 30 days, such as 2027-01-31T09:30:00Z or 10m");
        }
        return time;
    }

    /** A time must be later than this. */
    public static long earliest(long now, String key) {
        return key.isEmpty() ? now : now - REPEATED.toMillis();
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
