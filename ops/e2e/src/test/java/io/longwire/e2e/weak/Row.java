package io.longwire.e2e.weak;

import java.util.Locale;

/**
 * What one trial came to. Times are the phone's.
 *
 * @param speed how many times as fast as ours the phone's clock ran, at most
 * @param detectMillis from the fault until the phone knew that it is not served; {@link #NONE}: it always was
 * @param recoverMillis from the fault, or from when there was a way again, until messages come; {@link #NONE}: as above
 * @param spanMillis what wake-ups and bytes were counted over
 * @param bytes both ways, messages included
 */
record Row(String name, int speed, long detectMillis, long recoverMillis, long spanMillis, int wakeUps, long bytes,
        long lost, long twice) {
    static final long NONE = -1;
    static final String HEADER = String.format(Locale.ROOT, "%-50s %6s %10s %10s %11s %10s %5s %6s", "row", "clock",
            "detected", "recovered", "wake-ups/h", "bytes", "lost", "twice");

    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    /** Over less wake-ups per hour mean nothing. */
    private static final long SPAN_MIN = 10 * MINUTE;

    /** Its line of the table. */
    String line() {
        return String.format(Locale.ROOT, "%-50s %6s %10s %10s %11s %10d %5d %6d", name, "x" + speed,
                time(detectMillis), time(recoverMillis), wakeUpsPerHour(), bytes, lost, twice);
    }

    private String wakeUpsPerHour() {
        if (spanMillis < SPAN_MIN) {
            return wakeUps == 0 ? "awake" : "-";
        }
        return String.format(Locale.ROOT, "%.1f", (double) wakeUps * HOUR / spanMillis);
    }

    private static String time(long millis) {
        return millis == NONE ? "-" : String.format(Locale.ROOT, "%.2f s", (double) millis / SECOND);
    }
}
