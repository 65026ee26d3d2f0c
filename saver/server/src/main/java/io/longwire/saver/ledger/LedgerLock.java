package io.longwire.saver.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A lock of a ledger database by name, for rounds that only one saver at a time should do. It ends with the connection
 * that has it, so a saver that dies or freezes for ten minutes keeps nobody out. Work under it must be idempotent all
 * the same.
 */
public final class LedgerLock {
    private LedgerLock() {
    }

    /** What is done under the lock. */
    @FunctionalInterface
    public interface Work {
        void run(Connection locked) throws SQLException;
    }

    /** Does the work unless another one has the lock, without waiting for it; answers whether it was done. */
    public static boolean ifFree(Connection connection, String name, Work work) throws SQLException {
        return within(connection, name, Duration.ZERO, work);
    }

    /** As ifFree, once the lock is free, if it is within that time. */
    public static boolean within(Connection connection, String name, Duration patience, Work work)
            throws SQLException {
        if (!ask(connection, "SELECT GET_LOCK(CONCAT(LEFT(DATABASE(), 40), ?), " + patience.toSeconds() + ")", name)) {
            return false;
        }
        try {
            work.run(connection);
            return true;
        } finally {
            ask(connection, "SELECT RELEASE_LOCK(CONCAT(LEFT(DATABASE(), 40), ?))", name);
        }
    }

    private static boolean ask(Connection connection, String question, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(question)) {
            select.setString(1, "." + name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getInt(1) == 1;
            }
        }
    }
}
