package io.longwire.saver.head;

import io.longwire.rpc.saver.MessageHead;
import io.longwire.saver.ledger.SqlBatch;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Inserts heads that are not there, then reads what stands: the first one of an id counts. */
final class InsertHeads implements SqlBatch<MessageHead, MessageHead> {
    @Override
    public int sizeOf(MessageHead head) {
        return 64 + head.getEndpoints().size() + head.getPayload().size();
    }

    @Override
    public List<MessageHead> run(Connection connection, List<MessageHead> heads) throws SQLException {
        var sorted = new ArrayList<>(heads); // one lock order for all savers
        sorted.sort(Comparator.comparingLong(MessageHead::getMessageId));
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO msg_head"
                + " (msg_id, app, expire_at, schedule_id, endpoints, payload) VALUES "
                + Tuples.of("(?,?,?,?,?,?)", heads.size()) + " ON DUPLICATE KEY UPDATE msg_id = VALUES(msg_id)")) {
            int at = 1;
            for (MessageHead head : sorted) {
                insert.setLong(at++, head.getMessageId());
                insert.setInt(at++, head.getAppId());
                insert.setLong(at++, head.getExpireAtMs());
                insert.setLong(at++, head.getScheduleId());
                insert.setBytes(at++, head.getEndpoints().toByteArray());
                insert.setBytes(at++, head.getPayload().toByteArray());
            }
            insert.executeUpdate();
        }
        Map<Long, MessageHead> stand = ReadHeads.read(connection,
                heads.stream().map(MessageHead::getMessageId).distinct().toList());
        return heads.stream().map(head -> stand.getOrDefault(head.getMessageId(), head)).toList();
    }
}
