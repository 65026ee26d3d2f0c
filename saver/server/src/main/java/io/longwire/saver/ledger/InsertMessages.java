package io.longwire.saver.ledger;

import io.longwire.rpc.saver.How;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Messages into msg_log, one statement. A row that is there already is absorbed by ON DUPLICATE KEY (never INSERT
 * IGNORE, which would also swallow a row without a partition); only then is asked which ones were, and whether they
 * have ended.
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
        int room = Tuples.roomFor(sorted.size());
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO msg_log"
                + " (slot, ep, msg_id, app, kind, expire_at, stored_at, body, ref) VALUES "
                + Tuples.of("(?,?,?,?,?,?,?,?,?)", room)
                + " ON DUPLICATE KEY UPDATE msg_id = VALUES(msg_id)")) {
            int at = 1;
            for (int i = 0; i < room; i++) {
                MessageRow row = sorted.get(Math.min(i, sorted.size() - 1));
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
        Map<MessageKey, Before> standing = standing(connection, rows);
        return rows.stream().map(row -> standing.getOrDefault(row.key(), Before.NONE).is(row)).toList();
    }

    /** What stands of a message: when its row was handed to the ledger, and its end. */
    private record Before(long storedAt, int how, int code) {
        static final Before NONE = new Before(0, How.NONE_VALUE, 0);

        Stored is(MessageRow row) {
            return switch (how) {
                case How.NONE_VALUE -> storedAt == row.storedAt() ? Stored.COMMITTED : Stored.KNOWN;
                case How.REJECTED_VALUE -> code == EndRow.REFUSED_GONE ? Stored.REFUSED_GONE : Stored.REFUSED_FULL;
                default -> Stored.ENDED_BEFORE;
            };
        }
    }

    private static Map<MessageKey, Before> standing(Connection connection, List<MessageRow> rows)
            throws SQLException {
        var standing = new HashMap<MessageKey, Before>();
        try (PreparedStatement select = connection.prepareStatement("SELECT m.ep, m.msg_id, m.stored_at, e.how, e.code"
                + " FROM msg_log m LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id"
                + " WHERE (m.slot, m.ep, m.msg_id) IN (" + Tuples.keysFor(rows.size()) + ")")) {
            MessageKey.bindAll(select, rows.stream().map(MessageRow::key).toList());
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    standing.put(new MessageKey(found.getLong(1), found.getLong(2)),
                            new Before(found.getLong(3), found.getInt(4), found.getInt(5)));
                }
            }
        }
        return standing;
    }

    /** Which of these messages have an end in end_log. */
    static Set<MessageKey> ended(Connection connection, List<MessageKey> keys) throws SQLException {
        var ended = new HashSet<MessageKey>();
        try (PreparedStatement select = connection.prepareStatement("SELECT ep, msg_id FROM end_log"
                + " WHERE (slot, ep, msg_id) IN (" + Tuples.keysFor(keys.size()) + ")")) {
            MessageKey.bindAll(select, keys);
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    ended.add(new MessageKey(found.getLong(1), found.getLong(2)));
                }
            }
        }
        return ended;
    }
}
