package io.longwire.e2e.weak;

import java.util.Locale;

/**
 * What one trial came to. Times are the phone's.
 *
 * @param speed how many times as fast as ours the phone's clock ran, at most
 * @param detectMillis from the fault until the phone knew that it is not served; {@link #NONE}: it always was
 * @param recoverMillis from the fault, or from when there was a way again, until messages come; {@link #NONE}: as above
 * @param radio how often the radio woke up
 * @param bytes both ways, messages included
 */
record Row(String name, int speed, long detectMillis, long recoverMillis, Wakings radio, long bytes, long lost,
        long twice) {
    /** Nothing broke, so there was nothing to detect, and nothing to recover from. */
    static final long NONE = -1;
    static final String HEADER = String.format(Locale.ROOT, "%-50s %6s %10s %10s %11s %10s %5s %6s", "row", "clock",
            "detected", "recovered", "wake-ups/h", "bytes", "lost", "twice");

    private static final long SECOND = 1_000;

    /**
     * Wake-ups of a radio, and how long they were counted.
     *
     * @param spanMillis the phone's; 0 = they were not counted, as that is for the bench alone
     * @param after not while the fault lasted, but when all was over
     */
    record Wakings(long spanMillis, int count, boolean after) {
        /** Only the bench has the time for it. */
        static final Wakings UNWATCHED = new Wakings(0, 0, true);

        private static final long HOUR = 3_600_000;

        @Override
        public String toString() {
            return spanMillis == 0
                    ? "not watched"
                    : String.format(Locale.ROOT, after ? "%.1f after" : "%.1f", (double) count * HOUR / spanMillis);
        }
    }

    /** Its line of the table. */
    String line() {
        return String.format(Locale.ROOT, "%-50s %6s %10s %10s %11s %10d %5d %6d", name, "x" + speed,
                time(detectMillis), time(recoverMillis), radio, bytes, lost, twice);
    }

    private static String time(long millis) {
        return millis == NONE ? "none" : String.format(Locale.ROOT, "%.2f s", (double) millis / SECOND);
    }
}
