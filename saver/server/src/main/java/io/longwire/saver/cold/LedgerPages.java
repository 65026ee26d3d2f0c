package io.longwire.saver.cold;

import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.MessageRow;
import io.longwire.saver.ledger.ReadMessages;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The live messages of some slots of a shard, page after page in the order of the key: first those of msg_log, then
 * those of msg_cold, so that a message the compactor moves meanwhile is met. Used by one thread.
 */
final class LedgerPages {
    static final int PAGE = 500;

    private final String table;
    private final long fromId;
    private List<Integer> slots;
    private @Nullable MessageKey last;

    /** @param table msg_log or msg_cold; its rows from this id on */
    LedgerPages(String table, List<Integer> slots, long fromId) {
        this.table = table;
        this.slots = slots.stream().sorted().toList();
        this.fromId = fromId;
    }

    /** The next page; empty at the end. */
    List<MessageRow> next(Connection connection, long now) throws SQLException {
        if (slots.isEmpty()) {
            return List.of();
        }
        MessageKey after = last;
        String sql = "SELECT m.ep, m.msg_id, m.app, m.kind, m.expire_at, m.stored_at, m.body, m.ref FROM " + table
                + " m"
                + " LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id"
                + " WHERE m.slot IN (" + Tuples.of("?", slots.size()) + ") AND m.msg_id >= ? AND m.expire_at > ?"
                + " AND e.msg_id IS NULL" + (table.equals("msg_cold") ? " AND m.how = 0" : "")
                + (after == null ? "" : " AND (m.slot > ? OR m.ep > ? OR (m.ep = ? AND m.msg_id > ?))")
                + " ORDER BY m.slot, m.ep, m.msg_id LIMIT " + PAGE;
        var page = new ArrayList<MessageRow>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            int at = 1;
            for (int slot : slots) {
                select.setInt(at++, slot);
            }
            select.setLong(at++, fromId);
            select.setLong(at++, now);
            if (after != null) { // slots starts with after's slot, so a higher slot is not yet read
                select.setInt(at++, after.slot());
                select.setLong(at++, after.endpoint());
                select.setLong(at++, after.endpoint());
                select.setLong(at++, after.message());
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    page.add(ReadMessages.row(row));
                }
            }
        }
        advance(page);
        return page;
    }

    private void advance(List<MessageRow> page) {
        if (page.size() < PAGE) {
            slots = List.of();
            return;
        }
        MessageKey end = page.getLast().key();
        last = end;
        slots = slots.stream().filter(slot -> slot >= end.slot()).toList();
    }

    /** Which of these have an end by now. */
    static Set<MessageKey> ended(Connection connection, List<MessageRow> page) throws SQLException {
        var ended = new HashSet<MessageKey>();
        for (String table : List.of("end_log WHERE", "msg_cold WHERE how > 0 AND")) {
            try (PreparedStatement select = connection.prepareStatement("SELECT ep, msg_id FROM " + table
                    + " (slot, ep, msg_id) IN (" + Tuples.of("(?,?,?)", page.size()) + ")")) {
                int at = 1;
                for (MessageRow row : page) {
                    select.setInt(at++, row.key().slot());
                    select.setLong(at++, row.endpoint());
                    select.setLong(at++, row.message());
                }
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        ended.add(new MessageKey(row.getLong(1), row.getLong(2)));
                    }
                }
            }
        }
        return ended;
    }
}
