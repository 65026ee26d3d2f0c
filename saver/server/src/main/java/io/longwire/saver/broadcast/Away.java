package io.longwire.saver.broadcast;

import io.longwire.rpc.audience.Audience;
import java.util.List;

/** How long an endpoint had been away when it was last seen. */
final class Away {
    private static final long DAY_MILLIS = 86_400_000;

    private Away() {
    }

    /** Whole days between two times of unix ms; 0 if there was none before. */
    static long days(long seenAt, long before) {
        return before == 0 ? 0 : Math.max(0, seenAt - before) / DAY_MILLIS;
    }

    /** Whether one of the conditions asks for it. */
    static boolean isAsked(List<Audience> conditions) {
        return conditions.stream().anyMatch(Audience::hasAwayDays);
    }
}
