package io.longwire.saver.cold;

import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.SqlBatch;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code cold_gen + 1} for the slots of messages whose append was not confirmed; once for each slot of a batch. */
final class MarkCold implements SqlBatch<MessageKey, Boolean> {
    @Override
    public int sizeOf(MessageKey key) {
        return 24;
    }

    @Override
    public List<Boolean> run(Connection connection, List<MessageKey> keys) throws SQLException {
        Map<Integer, Long> oldest = new TreeMap<>(); // by slot: one lock order for all savers
        keys.forEach(key -> oldest.merge(key.slot(), key.message(), Math::min));
        try (PreparedStatement mark = connection.prepareStatement("INSERT INTO slot_state"
                + " (slot, cold_gen, clean_gen, cold_from, redis_replid, replid_at) VALUES "
                + Tuples.of("(?,1,0,?,'',0)", oldest.size())
                + " ON DUPLICATE KEY UPDATE cold_gen = cold_gen + 1,"
                + " cold_from = LEAST(cold_from, VALUES(cold_from))")) {
            int at = 1;
            for (Map.Entry<Integer, Long> slot : oldest.entrySet()) {
                mark.setInt(at++, slot.getKey());
                mark.setLong(at++, slot.getValue());
            }
            mark.executeUpdate();
        }
        return Collections.nCopies(keys.size(), Boolean.TRUE);
    }
}
