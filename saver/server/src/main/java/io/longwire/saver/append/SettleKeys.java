package io.longwire.saver.append;

import io.longwire.saver.ledger.SqlBatch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes what stands for a key, compare-and-set on the id: it is done, or it stands for another message. Answers
 * whether the row was still as expected.
 */
final class SettleKeys implements SqlBatch<SettleKeys.Change, Boolean> {
    /**
     * @param from the id that must stand there
     * @param to the same id to set done = 1; another to swap it in, done = 0
     */
    record Change(IdemKey key, long from, long to, long at) {
        boolean done() {
            return from == to;
        }
    }

    @Override
    public int sizeOf(Change change) {
        return 180;
    }

    @Override
    public List<Boolean> run(Connection connection, List<Change> changes) throws SQLException {
        var changed = new ArrayList<Boolean>(changes.size());
        connection.setAutoCommit(false);
        try (PreparedStatement done = connection
                .prepareStatement("UPDATE idem SET done = 1 WHERE app = ? AND key_hash = ? AND msg_id = ?");
                PreparedStatement swap = connection.prepareStatement("UPDATE idem SET body_hash = ?, msg_id = ?,"
                        + " done = 0, at = ? WHERE app = ? AND key_hash = ? AND msg_id = ?")) {
            for (Change change : changes) {
                changed.add(change.done() ? done(done, change) : swap(swap, change));
            }
            connection.commit();
        } catch (SQLException failed) {
            connection.rollback();
            throw failed;
        } finally {
            connection.setAutoCommit(true);
        }
        return changed;
    }

    private static boolean done(PreparedStatement update, Change change) throws SQLException {
        update.setInt(1, change.key().app());
        update.setBytes(2, change.key().key().toByteArray());
        update.setLong(3, change.from());
        update.executeUpdate();
        return true;
    }

    private static boolean swap(PreparedStatement update, Change change) throws SQLException {
        update.setBytes(1, change.key().body().toByteArray());
        update.setLong(2, change.to());
        update.setLong(3, change.at());
        update.setInt(4, change.key().app());
        update.setBytes(5, change.key().key().toByteArray());
        update.setLong(6, change.from());
        return update.executeUpdate() == 1;
    }
}
