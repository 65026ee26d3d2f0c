package io.longwire.saver.ledger;

import io.longwire.keeper.cluster.Slots;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;

/** One message of one endpoint: the key of every ledger table. */
public record MessageKey(long endpoint, long message) {
    /** The order of the ledger's primary keys. */
    public static final Comparator<MessageKey> ORDER = Comparator.comparingInt(MessageKey::slot)
            .thenComparingLong(MessageKey::endpoint).thenComparingLong(MessageKey::message);

    public int slot() {
        return Slots.of(endpoint);
    }

    /** Binds the keys to the list that {@link Tuples#keysFor} made for so many. */
    static void bindAll(PreparedStatement statement, List<MessageKey> keys) throws SQLException {
        int at = 1;
        for (int i = 0; i < Tuples.roomFor(keys.size()); i++) {
            at = keys.get(Math.min(i, keys.size() - 1)).bind(statement, at);
        }
    }

    /** Binds (slot, ep, msg_id) from this index on; returns the next. */
    int bind(PreparedStatement statement, int at) throws SQLException {
        statement.setInt(at, slot());
        statement.setLong(at + 1, endpoint);
        statement.setLong(at + 2, message);
        return at + 3;
    }
}
