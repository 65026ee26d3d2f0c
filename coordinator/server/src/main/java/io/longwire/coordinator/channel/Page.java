package io.longwire.coordinator.channel;

import java.util.List;

/**
 * What one look gave out.
 *
 * @param nextMillis until the next one that waits may be given again; -1 = none waits
 * @param died became dead letters
 * @param lost were to be given again and had been removed by age
 * @param pushedOut dead letters that went because the channel had too many
 * @param squeezedOut dead letters that went because those of the app were too large together
 */
record Page(Verdict verdict, long nextMillis, int died, int lost, int pushedOut, int squeezedOut, List<Given> events) {
    /** How it stands after it. */
    enum Verdict {
        MORE, NOTHING, PAUSED, LEASE_LOST;

        static Verdict of(int answer) {
            return switch (answer) {
                case 0 -> MORE;
                case 1 -> NOTHING;
                case 2 -> PAUSED;
                default -> LEASE_LOST;
            };
        }
    }
}
