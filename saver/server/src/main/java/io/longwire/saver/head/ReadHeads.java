package io.longwire.saver.head;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.MessageHead;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.SqlBatch;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Heads by message id; one with app_id 0 where there is none. */
final class ReadHeads implements SqlBatch<Long, MessageHead> {
    private static final int ROW_BYTES = BatchQueue.MAX_BYTES / 32; // 32 heads a batch

    @Override
    public int sizeOf(Long message) {
        return ROW_BYTES;
    }

    @Override
    public List<MessageHead> run(Connection connection, List<Long> messages) throws SQLException {
        Map<Long, MessageHead> found = read(connection, messages);
        return messages.stream()
                .map(message -> found.getOrDefault(message, MessageHead.newBuilder().setMessageId(message).build()))
                .toList();
    }

    static Map<Long, MessageHead> read(Connection connection, List<Long> messages) throws SQLException {
        var found = new HashMap<Long, MessageHead>();
        try (PreparedStatement select = connection.prepareStatement("SELECT msg_id, app, expire_at, schedule_id,"
                + " endpoints, payload FROM msg_head WHERE msg_id IN (" + Tuples.of("?", messages.size()) + ")")) {
            for (int i = 0; i < messages.size(); i++) {
                select.setLong(i + 1, messages.get(i));
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(row.getLong(1), MessageHead.newBuilder().setMessageId(row.getLong(1))
                            .setAppId(row.getInt(2)).setExpireAtMs(row.getLong(3)).setScheduleId(row.getLong(4))
                            .setEndpoints(ByteString.copyFrom(row.getBytes(5)))
                            .setPayload(ByteString.copyFrom(row.getBytes(6))).build());
                }
            }
        }
        return found;
    }
}
