package io.longwire.saver.end;

import io.longwire.saver.ledger.MessageRow;
import io.longwire.saver.ledger.SqlBatch;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;

/** Messages into dead_letter; one that is there is left as it is. */
final class InsertDead implements SqlBatch<InsertDead.Dead, Boolean> {
    /** A message that is given up; its body is whole. */
    record Dead(MessageRow row, long at, int code, int attempts) {
    }

    @Override
    public int sizeOf(Dead dead) {
        return dead.row.body().length + 80;
    }

    @Override
    public List<Boolean> run(Connection connection, List<Dead> letters) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO dead_letter (slot, ep, msg_id, app,"
                + " dead_at, code, attempts, expire_at, envelope) VALUES "
                + Tuples.of("(?,?,?,?,?,?,?,?,?)", letters.size())
                + " ON DUPLICATE KEY UPDATE msg_id = VALUES(msg_id)")) {
            int at = 1;
            for (Dead dead : letters) {
                insert.setInt(at++, dead.row.key().slot());
                insert.setLong(at++, dead.row.endpoint());
                insert.setLong(at++, dead.row.message());
                insert.setInt(at++, dead.row.app());
                insert.setLong(at++, dead.at);
                insert.setInt(at++, dead.code);
                insert.setInt(at++, dead.attempts);
                insert.setLong(at++, dead.row.expireAt());
                insert.setBytes(at++, dead.row.body());
            }
            insert.executeUpdate();
        }
        return Collections.nCopies(letters.size(), Boolean.TRUE);
    }
}
