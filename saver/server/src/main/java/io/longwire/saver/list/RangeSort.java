package io.longwire.saver.list;

import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Sorts one range of a list and writes its chunks. Holds 8 bytes for each endpoint that the parts have in the range,
 * and a page of pieces: of 10 M endpoints, which ids by chance spread evenly, 1.3 MB and 1 MB; of a list that has
 * nothing but this range, 80 MB. Used by one thread; blocks.
 */
final class RangeSort {
    /** Endpoints of a chunk. */
    static final int CHUNK = 1_000;
    private static final int PIECES = 100; // read at once: at most 8 MB
    private static final int CHUNKS = 32; // written at once: 256 KB

    private final Connection connection;
    private final long list;
    private final int range;

    RangeSort(Connection connection, long list, int range) {
        this.connection = connection;
        this.list = list;
        this.range = range;
    }

    /** Answers how many endpoints it has, each once. */
    int run() throws SQLException {
        long[] keys = read();
        int count = SlotOrder.sortOnce(keys, keys.length);
        for (int from = 0; from < count; from += CHUNK * CHUNKS) {
            write(keys, from, Math.min(count, from + CHUNK * CHUNKS));
        }
        return count;
    }

    /** The chunks of so many endpoints. */
    static int chunks(int endpoints) {
        return (endpoints + CHUNK - 1) / CHUNK;
    }

    private long[] read() throws SQLException {
        var keys = new long[Math.toIntExact(bytes() / SlotOrder.BYTES)];
        int at = 0;
        int read;
        long part = -1;
        do {
            read = 0;
            try (PreparedStatement select = connection.prepareStatement("SELECT part, body FROM audience_piece"
                    + " WHERE list_id = ? AND rng = ? AND part > ? ORDER BY part LIMIT " + PIECES)) {
                select.setLong(1, list);
                select.setInt(2, range);
                select.setLong(3, part);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        read++;
                        part = row.getLong(1);
                        byte[] piece = row.getBytes(2);
                        if (at + piece.length / SlotOrder.BYTES > keys.length) {
                            throw changed();
                        }
                        at = SlotOrder.keys(piece, keys, at);
                    }
                }
            }
        } while (read == PIECES);
        if (at != keys.length) {
            throw changed();
        }
        return keys;
    }

    static StoreFailure changed() {
        return new StoreFailure(StoreFailure.Kind.BUSY,
                "list: a part came while it was sealed (expected: none; seal it again)");
    }

    private long bytes() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT COALESCE(SUM(LENGTH(body)), 0) FROM audience_piece WHERE list_id = ? AND rng = ?")) {
            select.setLong(1, list);
            select.setInt(2, range);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void write(long[] keys, int from, int to) throws SQLException {
        int rows = chunks(to - from);
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO audience_chunk (list_id, rng, chunk, body) VALUES " + Tuples.of("(?,?,?,?)", rows))) {
            int at = 1;
            for (int first = from; first < to; first += CHUNK) {
                insert.setLong(at++, list);
                insert.setInt(at++, range);
                insert.setInt(at++, first / CHUNK);
                insert.setBytes(at++, SlotOrder.bytes(keys, first, Math.min(to, first + CHUNK)));
            }
            insert.executeUpdate();
        }
    }
}
