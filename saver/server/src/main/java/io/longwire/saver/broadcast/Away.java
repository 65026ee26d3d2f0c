package io.longwire.saver.broadcast;

import io.longwire.rpc.audience.Audience;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * How long an endpoint had been away when it came: whole days between its login and the last time it was seen before,
 * connected or at a login. A connection that begins within 10 min of that is no return.
 *
 * @param seen unix ms
 * @param before unix ms, when it was seen before its last noted return; 0 = never
 * @param login unix ms of that return; 0 = a saver of an older version noted it
 */
record Away(long seen, long before, long login) {
    static final String COLUMNS = "e.seen_at, e.prev_seen_at, e.login_at";
    private static final long DAY_MILLIS = 86_400_000;
    private static final long RETURN_MILLIS = 600_000;

    /** From {@link #COLUMNS}, of which this is the place of the first. */
    static Away read(ResultSet row, int first) throws SQLException {
        return new Away(row.getLong(first), row.getLong(first + 1), row.getLong(first + 2));
    }

    /** @param since unix ms of the login of its connection; 0 = it has none, or nobody said */
    long days(long since) {
        if (since != 0 && seen < since - RETURN_MILLIS) { // its login is not noted yet
            return seen == 0 ? 0 : (since - seen) / DAY_MILLIS;
        }
        if (since != 0 && login != 0 && login < since - RETURN_MILLIS) { // it was there a moment before
            return 0;
        }
        return before == 0 ? 0 : Math.max(0, (login == 0 ? seen : login) - before) / DAY_MILLIS;
    }

    /** Whether one of the conditions asks for it. */
    static boolean isAsked(List<Audience> conditions) {
        return conditions.stream().anyMatch(Audience::hasAwayDays);
    }
}
