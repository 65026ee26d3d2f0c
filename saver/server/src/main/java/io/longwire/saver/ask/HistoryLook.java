package io.longwire.saver.ask;

import io.longwire.device.id.MessageId;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.History;
import io.longwire.rpc.saver.Timeline;
import io.longwire.saver.ledger.Shards;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What an endpoint was sent, from the ledger alone: one short range of the primary key (slot, ep, msg_id) of each of
 * msg_log, msg_cold and end_log, read from its newest row down. The tables are cut by msg_id, so a range costs a probe
 * of each of their parts that it touches: with seven days some 10 of msg_log, 9 of msg_cold and 85 of end_log, and at
 * most limit + 1 rows of each. The newest of all are among the newest of each table, and so is the end of each. In
 * this order a message that the compactor moves or that ends meanwhile is seen once or twice, never not at all. Blocks.
 */
final class HistoryLook {
    private static final Duration PAST = Duration.ofDays(7);
    private static final Duration AHEAD = Duration.ofMinutes(10); // what a center's clock may be before this one's
    private static final String RANGE = " WHERE slot = ? AND ep = ? AND msg_id >= ? AND msg_id < ?"
            + " ORDER BY msg_id DESC LIMIT ?";

    private final Shards shards;

    HistoryLook(Shards shards) {
        this.shards = shards;
    }

    /** @param before only older ones than this message; 0 = all */
    History.Builder look(long endpoint, long before, int limit, long now) throws SQLException {
        var found = new TreeMap<Long, Timeline.Builder>(Collections.reverseOrder());
        long from = MessageId.firstOf(now - PAST.toMillis());
        long to = before == 0 ? MessageId.firstOf(now + AHEAD.toMillis()) : before;
        try (Connection connection = shards.of(Slots.of(endpoint)).connect()) {
            for (String columns : new String[]{"expire_at, stored_at, 0, 0, 0, 0 FROM msg_log",
                    "expire_at, stored_at, how, code, at, attempts FROM msg_cold",
                    "0, stored_at, how, code, at, attempts FROM end_log"}) {
                try (PreparedStatement select = connection
                        .prepareStatement("SELECT msg_id, " + columns + RANGE)) {
                    select.setInt(1, Slots.of(endpoint));
                    select.setLong(2, endpoint);
                    select.setLong(3, from);
                    select.setLong(4, to);
                    select.setInt(5, limit + 1);
                    read(select, endpoint, found);
                }
            }
        }
        return History.newBuilder().addAllMessages(
                found.values().stream().limit(limit).map(Timeline.Builder::build).toList())
                .setMore(found.size() > limit);
    }

    private static void read(PreparedStatement select, long endpoint, NavigableMap<Long, Timeline.Builder> found)
            throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                long message = row.getLong(1);
                Timeline.Builder timeline = found.computeIfAbsent(message, any -> Timeline.newBuilder()
                        .setEndpointId(endpoint).setMessageId(message).setState(Timeline.State.WAITING)
                        .setAcceptedMs(MessageId.timeMs(message)));
                timeline.setExpireAtMs(Math.max(timeline.getExpireAtMs(), row.getLong(2))).setStoredMs(row.getLong(3));
                if (row.getInt(4) > 0) {
                    timeline.setState(Timeline.State.ENDED).setHowValue(row.getInt(4)).setCode(row.getInt(5))
                            .setEndedMs(row.getLong(6)).setAttempts(row.getInt(7));
                }
            }
        }
    }
}
