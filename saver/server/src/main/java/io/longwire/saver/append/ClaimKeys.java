package io.longwire.saver.append;

import com.google.protobuf.ByteString;
import io.longwire.saver.ledger.SqlBatch;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Inserts keys that nobody has, then reads what stands for each: ours, or an earlier one. */
final class ClaimKeys implements SqlBatch<ClaimKeys.Claim, IdemRow> {
    /** A key, the id it shall stand for, and unix ms. */
    record Claim(IdemKey key, long message, long at) {
    }

    private record Row(int app, ByteString key) {
    }

    @Override
    public int sizeOf(Claim claim) {
        return 180;
    }

    @Override
    public List<IdemRow> run(Connection connection, List<Claim> claims) throws SQLException {
        var sorted = new ArrayList<>(claims); // one lock order for all savers
        sorted.sort(Comparator.<Claim>comparingInt(claim -> claim.key().app()).thenComparing(
                claim -> claim.key().key(), ByteString.unsignedLexicographicalComparator()));
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO idem"
                + " (app, key_hash, body_hash, msg_id, done, at) VALUES " + Tuples.of("(?,?,?,?,0,?)", claims.size())
                + " ON DUPLICATE KEY UPDATE app = VALUES(app)")) {
            int at = 1;
            for (Claim claim : sorted) {
                insert.setInt(at++, claim.key().app());
                insert.setBytes(at++, claim.key().key().toByteArray());
                insert.setBytes(at++, claim.key().body().toByteArray());
                insert.setLong(at++, claim.message());
                insert.setLong(at++, claim.at());
            }
            insert.executeUpdate();
        }
        Map<Row, IdemRow> standing = read(connection, claims);
        var rows = new ArrayList<IdemRow>(claims.size());
        for (Claim claim : claims) {
            IdemRow row = standing.get(new Row(claim.key().app(), claim.key().key()));
            if (row == null) {
                throw new SQLException("idem: a row just written is missing", "40001"); // deleted by age: again
            }
            rows.add(row);
        }
        return rows;
    }

    private static Map<Row, IdemRow> read(Connection connection, List<Claim> claims) throws SQLException {
        var standing = new HashMap<Row, IdemRow>();
        try (PreparedStatement select = connection.prepareStatement("SELECT app, key_hash, body_hash, msg_id, done, at"
                + " FROM idem WHERE (app, key_hash) IN (" + Tuples.of("(?,?)", claims.size()) + ")")) {
            int at = 1;
            for (Claim claim : claims) {
                select.setInt(at++, claim.key().app());
                select.setBytes(at++, claim.key().key().toByteArray());
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    standing.put(new Row(row.getInt(1), ByteString.copyFrom(row.getBytes(2))),
                            new IdemRow(ByteString.copyFrom(row.getBytes(3)), row.getLong(4), row.getInt(5) == 1,
                                    row.getLong(6)));
                }
            }
        }
        return standing;
    }
}
