package io.longwire.cli.terminal;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** Times as people type them: "90s", "15m", "24h", "7d", or RFC 3339. Static, any thread. */
public final class Moments {
    private Moments() {
    }

    /** A length of time. */
    public static Duration duration(String text) {
        Duration duration = Units.duration(text);
        if (duration == null) {
            throw new TypeConversionException("'" + text + "' (expected: such as 90s, 15m, 24h, 7d)");
        }
        return duration;
    }

    /** A time that is past, given itself or as how long ago; null = not given. */
    public static @Nullable Instant past(String option, String text) {
        if (text.isEmpty()) {
            return null;
        }
        Duration ago = Units.duration(text);
        return ago == null ? instant(option, text) : Instant.ofEpochMilli(Clock.system().wallMillis()).minus(ago);
    }

    /** RFC 3339. */
    public static Instant instant(String option, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            throw new WrongUsage(option + ": " + text + " (expected: RFC 3339 such as 2026-12-01T08:00:00Z, or a length"
                    + " of time such as 15m)");
        }
    }
}
