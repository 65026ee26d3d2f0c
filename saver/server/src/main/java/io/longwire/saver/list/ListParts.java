package io.longwire.saver.list;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.ListPart;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Transaction;
import io.longwire.saver.ledger.Tuples;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps the parts of lists that are OPEN: in any order, several at once, again and again. A part is kept whole, with
 * the list's counts, or not at all; the last one of a number counts. Nothing blocks the caller; futures fail with
 * StoreFailure, ListRefusal or IllegalArgumentException.
 */
public final class ListParts {
    private static final String KEEP = "INSERT INTO audience_piece (list_id, rng, part, body) VALUES "
            + Tuples.of("(?,?,?,?)", SlotOrder.RANGES) + " ON DUPLICATE KEY UPDATE body = VALUES(body)";

    private final Shard shard;
    private final ColdCalls calls;
    private final Metrics metrics;

    public ListParts(Shard first, ColdCalls calls, Metrics metrics) {
        this.shard = first;
        this.calls = calls;
        this.metrics = metrics;
    }

    /** Keeps it and answers the list with its counts, without bad lines; ABSENT = there is no such list. */
    public CompletableFuture<AudienceList> append(ListPart part) {
        try {
            ListRules.check(part);
        } catch (IllegalArgumentException wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
        return calls.call(() -> {
            byte[][] pieces = SlotOrder.pieces(part.getEndpoints());
            try (Connection connection = shard.connect()) {
                return Transaction.on(connection, tx -> keep(tx, part, pieces));
            }
        });
    }

    private AudienceList keep(Connection connection, ListPart part, byte[][] pieces) throws SQLException {
        ListRow there = ListRows.lock(connection, part.getAppId(), part.getListId());
        if (there.absent()) {
            return there.list();
        }
        there.in(AudienceList.State.OPEN);
        Counts before = counts(connection, part);
        Counts now = Counts.of(part);
        long given = there.given() + now.given - before.given;
        if (given > ListRules.MOST_ENDPOINTS) {
            throw new ListRefusal(
                    "endpoints: " + given + " (expected: at most " + ListRules.MOST_ENDPOINTS + " in a list)");
        }
        writePart(connection, part, now);
        writePieces(connection, part, pieces);
        count(connection, part.getListId(), now, before);
        metrics.counter(SaverMetric.LIST_PARTS).increment();
        return ListRows.get(connection, part.getAppId(), part.getListId()).list();
    }

    private record Counts(int parts, long lines, long given, long bad) {
        static Counts of(ListPart part) {
            return new Counts(1, part.getLines(), part.getEndpoints().size() / SlotOrder.BYTES, part.getBad());
        }
    }

    private static Counts counts(Connection connection, ListPart part) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT line_count, given, bad FROM audience_part WHERE list_id = ? AND part = ?")) {
            select.setLong(1, part.getListId());
            select.setInt(2, part.getPart());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? new Counts(1, row.getLong(1), row.getLong(2), row.getLong(3))
                        : new Counts(0, 0, 0, 0);
            }
        }
    }

    private static void writePart(Connection connection, ListPart part, Counts counts) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO audience_part (list_id, part,"
                + " line_count, given, bad, first_bad, bad_lines) VALUES (?,?,?,?,?,?,?) ON DUPLICATE KEY UPDATE"
                + " line_count = VALUES(line_count), given = VALUES(given), bad = VALUES(bad),"
                + " first_bad = VALUES(first_bad), bad_lines = VALUES(bad_lines)")) {
            insert.setLong(1, part.getListId());
            insert.setInt(2, part.getPart());
            insert.setLong(3, counts.lines);
            insert.setLong(4, counts.given);
            insert.setLong(5, counts.bad);
            insert.setLong(6, part.getBadLinesCount() == 0 ? 0 : part.getBadLines(0).getLine());
            insert.setBytes(7, AudienceList.newBuilder().addAllBadLines(part.getBadLinesList()).build().toByteArray());
            insert.executeUpdate();
        }
    }

    // All ranges, the empty ones too: they replace what a part of this number had there before.
    private static void writePieces(Connection connection, ListPart part, byte[][] pieces) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(KEEP)) {
            int at = 1;
            for (int range = 0; range < SlotOrder.RANGES; range++) {
                insert.setLong(at++, part.getListId());
                insert.setInt(at++, range);
                insert.setInt(at++, part.getPart());
                insert.setBytes(at++, pieces[range]);
            }
            insert.executeUpdate();
        }
    }

    private static void count(Connection connection, long list, Counts now, Counts before) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE audience_list SET version = version + 1,"
                + " parts = parts + ?, line_count = line_count + ?, given = given + ?, bad = bad + ?"
                + " WHERE list_id = ?")) {
            update.setInt(1, now.parts - before.parts);
            update.setLong(2, now.lines - before.lines);
            update.setLong(3, now.given - before.given);
            update.setLong(4, now.bad - before.bad);
            update.setLong(5, list);
            update.executeUpdate();
        }
    }
}
