package io.longwire.saver.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/** Several statements on one connection, all of them or none. Blocks. */
public final class Transaction {
    private Transaction() {
    }

    /** What is done in it. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Commits what the work did, or rolls it back when it throws anything. Leaves the connection in autocommit. */
    public static <T> T on(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        boolean committed = false;
        try {
            T done = work.run(connection);
            connection.commit();
            committed = true;
            return done;
        } finally {
            if (!committed) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }
}
