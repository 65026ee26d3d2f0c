package io.longwire.saver.end;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.DeadLetter;
import io.longwire.rpc.saver.ListDeadReply;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The messages that were given up, by app and time, kept 7 days. Everything here blocks and runs on cold-call threads.
 */
public final class DeadLetters {
    /** The most letters of a page. */
    public static final int MOST = 500;
    private static final int CURSOR_BYTES = 24;
    private static final String COLUMNS = "SELECT d.ep, d.msg_id, d.dead_at, d.code, d.attempts, d.expire_at,"
            + " d.resent_as";
    private static final Comparator<DeadLetter> ORDER = Comparator.comparingLong(DeadLetter::getDeadMs)
            .thenComparingLong(DeadLetter::getMessageId).thenComparingLong(DeadLetter::getEndpointId);

    private final Shards shards;

    public DeadLetters(Shards shards) {
        this.shards = shards;
    }

    /**
     * A page of an app's letters without their envelopes, the oldest first.
     *
     * @param cursor of the page before; empty = from the oldest kept
     * @param limit 0 = {@value #MOST}
     * @param endpoint 0 = of all endpoints
     * @throws IllegalArgumentException the cursor is none of ours
     */
    public ListDeadReply list(int app, ByteString cursor, int limit, long endpoint) throws SQLException {
        int most = limit <= 0 ? MOST : Math.min(limit, MOST);
        Position after = Position.of(cursor);
        var letters = new ArrayList<DeadLetter>();
        for (Shard shard : endpoint == 0 ? shards.list() : List.of(shards.of(new MessageKey(endpoint, 0).slot()))) {
            letters.addAll(page(shard, app, after, most, endpoint));
        }
        letters.sort(ORDER);
        List<DeadLetter> page = letters.subList(0, Math.min(most, letters.size()));
        var reply = ListDeadReply.newBuilder().addAllLetters(page);
        if (letters.size() > page.size() || page.size() == most) {
            reply.setCursor(Position.of(page.getLast()).cursor());
        }
        return reply.build();
    }

    private static List<DeadLetter> page(Shard shard, int app, Position after, int most, long endpoint)
            throws SQLException {
        var letters = new ArrayList<DeadLetter>();
        try (Connection connection = shard.connect();
                PreparedStatement select = connection.prepareStatement(COLUMNS + " FROM dead_letter d WHERE d.app = ?"
                        + " AND (d.dead_at > ? OR (d.dead_at = ? AND (d.msg_id > ? OR (d.msg_id = ? AND d.ep > ?))))"
                        + (endpoint == 0 ? "" : " AND d.slot = ? AND d.ep = ?")
                        + " ORDER BY d.dead_at, d.msg_id, d.ep LIMIT " + most)) {
            select.setInt(1, app);
            select.setLong(2, after.at);
            select.setLong(3, after.at);
            select.setLong(4, after.message);
            select.setLong(5, after.message);
            select.setLong(6, after.endpoint);
            if (endpoint != 0) {
                select.setInt(7, new MessageKey(endpoint, 0).slot());
                select.setLong(8, endpoint);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    letters.add(letter(row).build());
                }
            }
        }
        return letters;
    }

    /** One letter with its envelope; one with endpoint_id 0 if the app has none such. */
    public DeadLetter get(int app, long endpoint, long message) throws SQLException {
        var key = new MessageKey(endpoint, message);
        try (Connection connection = shards.of(key.slot()).connect();
                PreparedStatement select = bound(connection, COLUMNS + ", d.envelope FROM dead_letter d"
                        + " WHERE d.slot = ? AND d.ep = ? AND d.msg_id = ? AND d.app = ?", key, app);
                ResultSet row = select.executeQuery()) {
            return row.next()
                    ? letter(row).setEnvelope(ByteString.copyFrom(row.getBytes(8))).build()
                    : DeadLetter.getDefaultInstance();
        }
    }

    /**
     * Notes that the letter was sent again, as the message of this id; the first note stays. Answers the letter without
     * its envelope, or one with endpoint_id 0 if the app has none such.
     */
    public DeadLetter resent(int app, long endpoint, long message, long newId) throws SQLException {
        var key = new MessageKey(endpoint, message);
        try (Connection connection = shards.of(key.slot()).connect();
                PreparedStatement update = connection.prepareStatement("UPDATE dead_letter SET resent_as = ?"
                        + " WHERE slot = ? AND ep = ? AND msg_id = ? AND app = ? AND resent_as = 0")) {
            update.setLong(1, newId);
            bind(update, 2, key, app);
            update.executeUpdate();
        }
        return get(app, endpoint, message).toBuilder().clearEnvelope().build();
    }

    /** The message ended otherwise before it could end DEAD. */
    void retract(int app, MessageKey key) throws SQLException {
        try (Connection connection = shards.of(key.slot()).connect();
                PreparedStatement delete = bound(connection, "DELETE FROM dead_letter"
                        + " WHERE slot = ? AND ep = ? AND msg_id = ? AND app = ?", key, app)) {
            delete.executeUpdate();
        }
    }

    private static PreparedStatement bound(Connection connection, String sql, MessageKey key, int app)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        bind(statement, 1, key, app);
        return statement;
    }

    private static void bind(PreparedStatement statement, int at, MessageKey key, int app) throws SQLException {
        statement.setInt(at, key.slot());
        statement.setLong(at + 1, key.endpoint());
        statement.setLong(at + 2, key.message());
        statement.setInt(at + 3, app);
    }

    private static DeadLetter.Builder letter(ResultSet row) throws SQLException {
        return DeadLetter.newBuilder().setEndpointId(row.getLong(1)).setMessageId(row.getLong(2))
                .setDeadMs(row.getLong(3)).setCode(row.getInt(4)).setAttempts(row.getInt(5))
                .setExpireAtMs(row.getLong(6)).setResentAs(row.getLong(7));
    }

    private record Position(long at, long message, long endpoint) {
        static Position of(ByteString cursor) {
            if (cursor.isEmpty()) {
                return new Position(0, 0, 0);
            }
            if (cursor.size() != CURSOR_BYTES) {
                throw new IllegalArgumentException("cursor: " + cursor.size() + " bytes (expected: one given before)");
            }
            ByteBuffer bytes = cursor.asReadOnlyByteBuffer();
            return new Position(bytes.getLong(), bytes.getLong(), bytes.getLong());
        }

        static Position of(DeadLetter letter) {
            return new Position(letter.getDeadMs(), letter.getMessageId(), letter.getEndpointId());
        }

        ByteString cursor() {
            return ByteString.copyFrom(
                    ByteBuffer.allocate(CURSOR_BYTES).putLong(at).putLong(message).putLong(endpoint).flip());
        }
    }
}
