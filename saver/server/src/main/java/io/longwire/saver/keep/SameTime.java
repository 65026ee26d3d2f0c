package io.longwire.saver.keep;

import io.longwire.keeper.clock.Clock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** Asked before anything is deleted because of its age: a process whose clock is wrong must not do that. */
@FunctionalInterface
public interface SameTime {
    /** Further apart, one of the two clocks is wrong. */
    Duration APART = Duration.ofHours(1);

    /** Throws SQLException unless the process and the database agree on the time. Blocks. */
    void check(Connection connection) throws SQLException;

    /** Compares with the database's clock. */
    static SameTime of(Clock clock) {
        return connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT UNIX_TIMESTAMP() * 1000");
                    ResultSet row = select.executeQuery()) {
                row.next();
                long apart = clock.wallMillis() - row.getLong(1);
                if (Math.abs(apart) > APART.toMillis()) {
                    throw new SQLException("clock: " + apart + " ms from the database's (expected: within "
                            + APART.toMinutes() + " min; nothing is deleted)");
                }
            }
        };
    }
}
