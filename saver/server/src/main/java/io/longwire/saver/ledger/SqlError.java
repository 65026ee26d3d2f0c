package io.longwire.saver.ledger;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

/** What a failed statement asks for. */
enum SqlError {
    /** The connection, the server or a lock failed, not a row: the same batch is sent again. */
    AGAIN,
    /** A row failed: the batch is cut in two. */
    ROW;

    // Too many connections, server shutdown, out of memory, disk full, table full, storage engine error, lock wait,
    // deadlock, read-only, query interrupted, packet errors of a dying connection; of prepared statements: too many,
    // unknown, to be prepared again.
    private static final Set<Integer> SERVER = Set.of(1040, 1053, 1037, 1021, 1114, 1030, 1205, 1213, 1290, 1836, 1317,
            1158, 1159, 1160, 1161, 1927, 1461, 1243, 1615);

    static SqlError of(SQLException failure) {
        String state = failure.getSQLState();
        boolean connection = state != null && (state.startsWith("08") || state.startsWith("57"));
        boolean again = connection || failure instanceof SQLTransientException
                || failure instanceof SQLRecoverableException || SERVER.contains(failure.getErrorCode());
        return again ? AGAIN : ROW;
    }

    /** No connection to be had, or the one in use is dead. */
    static boolean unreachable(SQLException failure) {
        String state = failure.getSQLState();
        return state == null || state.startsWith("08") || failure instanceof SQLRecoverableException;
    }

    /** The first line of what is behind a failure, for people. */
    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse(root.toString());
    }
}
