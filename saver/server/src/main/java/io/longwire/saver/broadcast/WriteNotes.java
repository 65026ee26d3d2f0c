package io.longwire.saver.broadcast;

import io.longwire.saver.ledger.SqlBatch;
import io.longwire.saver.ledger.Transaction;
import io.longwire.saver.ledger.Tuples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.roaringbitmap.RoaringBitmap;

/**
 * Adds the bits of a batch of chunks to their rows: those that are missing are made first, empty, by a statement of
 * their own, then all are locked in the order of their keys, joined and written. (A row that two savers inserted with
 * their bits in it would keep only the second one's.)
 */
final class WriteNotes implements SqlBatch<NoteChunk, Boolean> {
    private static final int ROW_BYTES = 60;

    @Override
    public int sizeOf(NoteChunk row) {
        return row.bytes() + ROW_BYTES;
    }

    @Override
    public List<Boolean> run(Connection connection, List<NoteChunk> rows) throws SQLException {
        Map<Long, Integer> apps = apps(connection, rows);
        var added = new TreeMap<NoteChunk.Key, RoaringBitmap>();
        var known = new ArrayList<Boolean>();
        for (NoteChunk row : rows) {
            RoaringBitmap bits = row.seal();
            boolean there = apps.getOrDefault(row.key().broadcast(), 0) == row.app();
            known.add(there);
            if (there) {
                added.merge(row.key(), bits, (one, other) -> RoaringBitmap.or(one, other));
            }
        }
        if (!added.isEmpty()) {
            make(connection, added);
            Transaction.on(connection, tx -> {
                write(tx, joined(tx, added));
                return true;
            });
        }
        return known;
    }

    private static Map<Long, Integer> apps(Connection connection, List<NoteChunk> rows) throws SQLException {
        Set<Long> ids = rows.stream().map(row -> row.key().broadcast()).collect(Collectors.toSet());
        var apps = new HashMap<Long, Integer>();
        try (PreparedStatement select = connection.prepareStatement("SELECT broadcast_id, app FROM broadcast"
                + " WHERE broadcast_id IN (" + Tuples.of("?", ids.size()) + ")")) {
            int at = 1;
            for (long id : ids) {
                select.setLong(at++, id);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    apps.put(row.getLong(1), row.getInt(2));
                }
            }
        }
        return apps;
    }

    private static void make(Connection connection, SortedMap<NoteChunk.Key, RoaringBitmap> added)
            throws SQLException {
        var missing = new TreeMap<>(added);
        try (PreparedStatement select = select(connection, "SELECT broadcast_id, kind, chunk", added.keySet(), "");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                missing.remove(key(row));
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO bcast_note (broadcast_id, kind,"
                + " chunk, n, body) VALUES " + Tuples.of("(?,?,?,0,'')", missing.size())
                + " ON DUPLICATE KEY UPDATE chunk = VALUES(chunk)")) {
            bind(insert, missing.keySet());
            insert.executeUpdate();
        }
    }

    // Only those that get something new.
    private static SortedMap<NoteChunk.Key, RoaringBitmap> joined(Connection connection,
            SortedMap<NoteChunk.Key, RoaringBitmap> added) throws SQLException {
        var joined = new TreeMap<NoteChunk.Key, RoaringBitmap>();
        var there = new HashSet<NoteChunk.Key>();
        try (PreparedStatement select = select(connection, "SELECT broadcast_id, kind, chunk, body", added.keySet(),
                " ORDER BY broadcast_id, kind, chunk FOR UPDATE"); ResultSet row = select.executeQuery()) {
            while (row.next()) {
                NoteChunk.Key key = key(row);
                there.add(key);
                RoaringBitmap bits = read(row.getBytes(4));
                int before = bits.getCardinality();
                bits.or(added.getOrDefault(key, bits));
                if (bits.getCardinality() > before) {
                    joined.put(key, bits);
                }
            }
        }
        if (!there.containsAll(added.keySet())) { // deleted with their broadcast since they were made
            throw new SQLTransientException("notes: rows missing (expected: those just made)", "40001");
        }
        return joined;
    }

    private static void write(Connection connection, SortedMap<NoteChunk.Key, RoaringBitmap> joined)
            throws SQLException {
        if (joined.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO bcast_note (broadcast_id, kind,"
                + " chunk, n, body) VALUES " + Tuples.of("(?,?,?,?,?)", joined.size())
                + " ON DUPLICATE KEY UPDATE n = VALUES(n), body = VALUES(body)")) {
            int at = 1;
            for (Map.Entry<NoteChunk.Key, RoaringBitmap> each : joined.entrySet()) {
                insert.setLong(at++, each.getKey().broadcast());
                insert.setInt(at++, each.getKey().kind());
                insert.setInt(at++, each.getKey().chunk());
                insert.setInt(at++, each.getValue().getCardinality());
                insert.setBytes(at++, bytes(each.getValue()));
            }
            insert.executeUpdate();
        }
    }

    private static PreparedStatement select(Connection connection, String columns, Set<NoteChunk.Key> keys, String how)
            throws SQLException {
        PreparedStatement select = connection.prepareStatement(columns + " FROM bcast_note"
                + " WHERE (broadcast_id, kind, chunk) IN (" + Tuples.of("(?,?,?)", keys.size()) + ")" + how);
        bind(select, keys);
        return select;
    }

    private static void bind(PreparedStatement statement, Set<NoteChunk.Key> keys) throws SQLException {
        int at = 1;
        for (NoteChunk.Key key : keys) {
            statement.setLong(at++, key.broadcast());
            statement.setInt(at++, key.kind());
            statement.setInt(at++, key.chunk());
        }
    }

    private static NoteChunk.Key key(ResultSet row) throws SQLException {
        return new NoteChunk.Key(row.getLong(1), row.getInt(2), row.getInt(3));
    }

    /** The bits of a row. */
    static RoaringBitmap read(byte[] body) throws SQLException {
        var bits = new RoaringBitmap();
        if (body.length > 0) {
            try {
                bits.deserialize(ByteBuffer.wrap(body));
            } catch (IOException unreadable) {
                throw new SQLException("notes: unreadable", unreadable);
            }
        }
        return bits;
    }

    private static byte[] bytes(RoaringBitmap bits) {
        bits.runOptimize();
        var body = new byte[bits.serializedSizeInBytes()];
        bits.serialize(ByteBuffer.wrap(body));
        return body;
    }
}
