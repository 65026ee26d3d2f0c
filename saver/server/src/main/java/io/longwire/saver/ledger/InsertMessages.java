package io.longwire.saver.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Messages into msg_log, one statement. A row that is there already is absorbed by ON DUPLICATE KEY (never INSERT
 * IGNORE, which would also swallow a row without a partition); only then is asked whether it has ended.
 */
public final class InsertMessages implements SqlBatch<MessageRow, Stored> {
    private static final int FIXED_BYTES = 90;

    private final IdAge age;

    public InsertMessages(IdAge age) {
        this.age = age;
    }

    @Override
    public int sizeOf(MessageRow row) {
        return row.body().length + FIXED_BYTES;
    }

    @Override
    public @Nullable Stored refuse(MessageRow row) {
        return age.stale(row.message()) ? Stored.STALE : null;
    }

    @Override
    public List<Stored> run(Connection connection, List<MessageRow> rows) throws SQLException {
        var sorted = new ArrayList<>(rows); // one lock order for all savers
        sorted.sort(Comparator.comparing(MessageRow::key, MessageKey.ORDER));
        int inserted;
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO msg_log"
                + " (slot, ep, msg_id, app, kind, expire_at, stored_at, body, ref) VALUES "
                + Tuples.of("(?,?,?,?,?,?,?,?,?)", rows.size())
                + " ON DUPLICATE KEY UPDATE msg_id = VALUES(msg_id)")) {
            int at = 1;
            for (MessageRow row : sorted) {
                at = row.key().bind(insert, at);
                insert.setInt(at++, row.app());
                insert.setInt(at++, row.kind());
                insert.setLong(at++, row.expireAt());
                insert.setLong(at++, row.storedAt());
                insert.setBytes(at++, row.body());
                MessageRow.bindRef(insert, at++, row.ref());
            }
            inserted = insert.executeUpdate();
        }
        if (inserted == rows.size()) {
            return Collections.nCopies(rows.size(), Stored.COMMITTED);
        }
        Set<MessageKey> ended = ended(connection, rows.stream().map(MessageRow::key).toList());
        return rows.stream().map(row -> ended.contains(row.key()) ? Stored.ENDED_BEFORE : Stored.COMMITTED).toList();
    }

    /** Which of these messages have an end in end_log. */
    static Set<MessageKey> ended(Connection connection, List<MessageKey> keys) throws SQLException {
        var ended = new HashSet<MessageKey>();
        try (PreparedStatement select = connection.prepareStatement("SELECT ep, msg_id FROM end_log"
                + " WHERE (slot, ep, msg_id) IN (" + Tuples.keys(keys.size()) + ")")) {
            int at = 1;
            for (MessageKey key : keys) {
                at = key.bind(select, at);
            }
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    ended.add(new MessageKey(found.getLong(1), found.getLong(2)));
                }
            }
        }
        return ended;
    }
}
