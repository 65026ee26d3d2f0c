package io.longwire.saver.ledger;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;

/**
 * A message as the ledger keeps it.
 *
 * @param kind delivery class and flags, see {@link MessageKind}
 * @param expireAt unix ms
 * @param storedAt unix ms at the saver when it was handed to the ledger
 * @param body the envelope; never changed
 * @param ref what it refers to: the hash of its collapse key, or of a revoke the message it takes back; 0 = nothing
 */
public record MessageRow(MessageKey key, int app, int kind, long expireAt, long storedAt, byte[] body, long ref) {
    /** One that refers to nothing. */
    public MessageRow(MessageKey key, int app, int kind, long expireAt, long storedAt, byte[] body) {
        this(key, app, kind, expireAt, storedAt, body, 0);
    }

    public long endpoint() {
        return key.endpoint();
    }

    public long message() {
        return key.message();
    }

    /** The hash of its collapse key, 0 = it has none. */
    public long collapse() {
        return MessageKind.revoke(kind) ? 0 : ref;
    }

    // NULL costs a bit, 0 would cost 8 bytes a row.
    static void bindRef(PreparedStatement statement, int at, long ref) throws SQLException {
        if (ref == 0) {
            statement.setNull(at, Types.BIGINT);
        } else {
            statement.setLong(at, ref);
        }
    }
}
