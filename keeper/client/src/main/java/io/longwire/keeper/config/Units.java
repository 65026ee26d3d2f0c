package io.longwire.keeper.config;

import java.time.Duration;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** Durations and sizes as people write them. */
public final class Units {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,15})(us|ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(KB|MB|GB)?");
    private static final long MOST_DAYS = Long.MAX_VALUE / (24 * 3600); // the others have too few digits to overflow
    private static final long MOST_GIGABYTES = Long.MAX_VALUE >> 30;

    private Units() {
    }

    /** 250us, 20ms, 15s, 10m, 24h, 7d; null if it is none. */
    public static @Nullable Duration duration(String text) {
        var match = DURATION.matcher(text);
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        if (!match.matches()) {
            return null;
        }
        long count = Long.parseLong(match.group(1));
        if (count > MOST_DAYS && match.group(2).equals("d")) {
            return null;
        }
        return switch (match.group(2)) {
            case "us" -> Duration.ofNanos(count * 1000);
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** 512, 64KB, 8MB, 1GB in bytes; -1 if it is none. */
    public static long bytes(String text) {
        var match = SIZE.matcher(text);
        if (!match.matches()) {
            return -1;
        }
        long count = Long.parseLong(match.group(1));
        if (count > MOST_GIGABYTES && "GB".equals(match.group(2))) {
            return -1;
        }
        return switch (match.group(2)) {
            case "KB" -> count << 10;
            case "MB" -> count << 20;
            case "GB" -> count << 30;
            case null, default -> count;
        };
    }
}
