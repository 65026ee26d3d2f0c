package io.longwire.saver.receipt;

import io.longwire.keeper.clock.Clock;
import io.longwire.saver.ledger.SqlBatch;
import io.longwire.saver.ledger.Traces;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Numbers a batch and inserts it in one transaction. The lock on the counter is held from the numbering to the
 * commit, so batches of all savers become visible in the order of their numbers: no reader passes one by.
 */
final class InsertReceipts implements SqlBatch<ReceiptRow, Boolean> {
    private final Clock clock;

    InsertReceipts(Clock clock) {
        this.clock = clock;
    }

    @Override
    public int sizeOf(ReceiptRow row) {
        return 60 + row.trace().size();
    }

    @Override
    public List<Boolean> run(Connection connection, List<ReceiptRow> rows) throws SQLException {
        connection.setAutoCommit(false);
        try {
            insert(connection, rows, number(connection, rows.size()));
            connection.commit();
        } catch (SQLException failed) {
            connection.rollback();
            throw failed;
        } finally {
            connection.setAutoCommit(true);
        }
        return rows.stream().map(row -> true).toList();
    }

    private static long number(Connection connection, int count) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE receipt_seq SET last = LAST_INSERT_ID(last + ?) WHERE one = 1");
                PreparedStatement select = connection.prepareStatement("SELECT LAST_INSERT_ID()")) {
            update.setInt(1, count);
            update.executeUpdate();
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1) - count + 1;
            }
        }
    }

    private void insert(Connection connection, List<ReceiptRow> rows, long first) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO receipt (app, seq, ep, msg_id, kind,"
                + " code, at, stored_at, trace) VALUES " + Tuples.of("(?,?,?,?,?,?,?,?,?)", rows.size())
                + " ON DUPLICATE KEY UPDATE kind = VALUES(kind)")) {
            int at = 1;
            long now = clock.wallMillis();
            for (int i = 0; i < rows.size(); i++) {
                ReceiptRow row = rows.get(i);
                insert.setInt(at++, row.app());
                insert.setLong(at++, first + i);
                insert.setLong(at++, row.endpoint());
                insert.setLong(at++, row.message());
                insert.setInt(at++, row.kind().getNumber());
                insert.setInt(at++, row.code());
                insert.setLong(at++, row.at());
                insert.setLong(at++, now);
                Traces.bind(insert, at++, row.trace());
            }
            insert.executeUpdate();
        }
    }
}
