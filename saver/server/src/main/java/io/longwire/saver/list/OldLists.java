package io.longwire.saver.list;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.saver.ledger.LedgerLock;
import io.longwire.saver.ledger.Transaction;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes lists whose time is over, unless a broadcast that is not over uses them, and sweeps what is left of deleted
 * and sealed ones, so many rows a round; the row of a list goes last, so that whoever dies in between is followed by
 * somebody who finds it. One round, by one saver at a time, under a lock of the database. Blocks.
 */
public final class OldLists {
    private static final int MOST_ROWS = 20_000; // some seconds: other work of the round waits for it
    private static final int CHUNK = 500;
    private static final int MOST = 100; // lists of each kind

    private final Connection connection;
    private final Metrics metrics;
    private long left;

    OldLists(Connection connection, long rows, Metrics metrics) {
        this.connection = connection;
        this.left = rows;
        this.metrics = metrics;
    }

    public static void round(Connection connection, long now, Metrics metrics) throws SQLException {
        new OldLists(connection, MOST_ROWS, metrics).round(now);
    }

    void round(long now) throws SQLException {
        for (long id : expired(now)) {
            Transaction.on(connection, tx -> Lists.delete(tx, 0, id)); // looks again, with the list locked
        }
        for (long id : littered()) {
            if (left > 0) {
                LedgerLock.ifFree(connection, ListSeals.lockOf(id), locked -> sweep(id));
            }
        }
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM audience_list WHERE state = 3"
                + " AND expire_at <= ? AND litter = 0 LIMIT " + MOST)) {
            delete.setLong(1, now);
            metrics.counter(SaverMetric.RETENTION_DELETED, "table", "audience_list").add(delete.executeUpdate());
        }
    }

    private List<Long> expired(long now) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT l.list_id FROM audience_list l"
                + " WHERE l.state IN (1, 2) AND l.expire_at <= ? AND NOT EXISTS (SELECT 1 FROM broadcast b"
                + " WHERE b.app = l.app AND b.list_id = l.list_id AND (b.active = 2 OR b.expire_at > ?)) LIMIT "
                + MOST)) { // one that was cancelled may still be revoked
            select.setLong(1, now);
            select.setLong(2, now);
            return ids(select);
        }
    }

    private List<Long> littered() throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT list_id FROM audience_list WHERE litter = 1 LIMIT " + MOST)) {
            return ids(select);
        }
    }

    private static List<Long> ids(PreparedStatement select) throws SQLException {
        var ids = new ArrayList<Long>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                ids.add(row.getLong(1));
            }
        }
        return ids;
    }

    // Nobody seals it meanwhile, and neither state is ever left for one in which these rows count.
    private void sweep(long id) throws SQLException {
        List<String> tables = switch (ListRows.get(connection, 0, id).list().getState()) {
            case DELETED -> List.of("audience_piece", "audience_part", "audience_chunk");
            case SEALED -> List.of("audience_piece", "audience_part");
            default -> List.of();
        };
        for (String table : tables) {
            delete(table, id);
        }
        if (left <= 0) {
            return; // perhaps not all of them: goes on in the next round
        }
        try (PreparedStatement update = connection
                .prepareStatement("UPDATE audience_list SET litter = 0 WHERE list_id = ? AND state = ?")) {
            update.setLong(1, id);
            update.setInt(2, tables.size() == 3 ? 3 : 2); // a sealed one that was deleted meanwhile is swept again
            update.executeUpdate();
        }
    }

    private void delete(String table, long id) throws SQLException {
        long before = left;
        long most;
        int last;
        do {
            most = Math.min(CHUNK, left);
            try (PreparedStatement delete = connection
                    .prepareStatement("DELETE FROM " + table + " WHERE list_id = ? LIMIT " + most)) {
                delete.setLong(1, id);
                last = delete.executeUpdate();
            }
            left -= last;
        } while (last == most && left > 0);
        metrics.counter(SaverMetric.RETENTION_DELETED, "table", table).add(before - left);
    }
}
