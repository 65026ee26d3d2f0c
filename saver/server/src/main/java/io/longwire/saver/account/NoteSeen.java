package io.longwire.saver.account;

import io.longwire.keeper.cluster.Slots;
import io.longwire.saver.ledger.SqlBatch;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes when endpoints were seen, in one statement, where what stands there is older than the span of a note. Of one
 * that was seen for the last time before its connection began, that time is kept, and when it came.
 */
final class NoteSeen implements SqlBatch<NoteSeen.Note, Boolean> {
    /** So much later than it was seen last a connection begins that is a return; clocks of savers differ by less. */
    static final long RETURN_MILLIS = 600_000;

    /**
     * An endpoint that is connected.
     *
     * @param at unix ms
     * @param since unix ms of its login
     */
    record Note(long endpoint, long at, long since) {
    }

    @Override
    public int sizeOf(Note note) {
        return 70;
    }

    @Override
    public List<Boolean> run(Connection connection, List<Note> notes) throws SQLException {
        long newest = notes.stream().mapToLong(Note::at).max().orElse(0);
        var since = new TreeMap<Long, Long>(Comparator.<Long>comparingInt(Slots::of) // one lock order for all savers
                .thenComparing(Comparator.naturalOrder()));
        notes.forEach(note -> since.merge(note.endpoint(), note.since(), Math::min));
        String returns = " WHEN ? THEN IF(seen_at < ?, ?, login_at)".repeat(since.size());
        try (PreparedStatement update = connection.prepareStatement("UPDATE endpoint SET login_at = CASE ep" + returns
                + " ELSE login_at END," // assigned from left to right
                + " prev_seen_at = IF(login_at > seen_at, seen_at, prev_seen_at), seen_at = ?"
                + " WHERE state = 1 AND seen_at < ? AND (slot, ep) IN (" + Tuples.of("(?,?)", since.size()) + ")")) {
            int at = 1;
            for (Map.Entry<Long, Long> each : since.entrySet()) {
                update.setLong(at++, each.getKey());
                update.setLong(at++, each.getValue() - RETURN_MILLIS);
                update.setLong(at++, each.getValue());
            }
            update.setLong(at++, newest);
            update.setLong(at++, newest - Seen.SPAN_MILLIS / 2);
            for (long endpoint : since.keySet()) {
                update.setInt(at++, Slots.of(endpoint));
                update.setLong(at++, endpoint);
            }
            update.executeUpdate();
        }
        return notes.stream().map(note -> true).toList();
    }
}
