package io.longwire.saver.account;

import io.longwire.keeper.cluster.Slots;
import io.longwire.saver.ledger.SqlBatch;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes when endpoints were seen, in one statement, where what stands there is older than the span of a note. What
 * stood there is kept as the time before.
 */
final class NoteSeen implements SqlBatch<NoteSeen.Note, Boolean> {
    /** An endpoint, and unix ms. */
    record Note(long endpoint, long at) {
    }

    @Override
    public int sizeOf(Note note) {
        return 40;
    }

    @Override
    public List<Boolean> run(Connection connection, List<Note> notes) throws SQLException {
        long newest = notes.stream().mapToLong(Note::at).max().orElse(0);
        List<Long> endpoints = notes.stream().map(Note::endpoint).distinct().sorted((a, b) -> {
            int bySlot = Integer.compare(Slots.of(a), Slots.of(b)); // one lock order for all savers
            return bySlot != 0 ? bySlot : Long.compare(a, b);
        }).toList();
        try (PreparedStatement update = connection.prepareStatement("UPDATE endpoint SET"
                + " prev_seen_at = seen_at, seen_at = ?" // assigned from left to right
                + " WHERE state = 1 AND seen_at < ? AND (slot, ep) IN (" + Tuples.of("(?,?)", endpoints.size())
                + ")")) {
            update.setLong(1, newest);
            update.setLong(2, newest - Seen.SPAN_MILLIS / 2);
            int at = 3;
            for (long endpoint : endpoints) {
                update.setInt(at++, Slots.of(endpoint));
                update.setLong(at++, endpoint);
            }
            update.executeUpdate();
        }
        return notes.stream().map(note -> true).toList();
    }
}
