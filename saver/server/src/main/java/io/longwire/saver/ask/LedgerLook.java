package io.longwire.saver.ask;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.Receipt;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.rpc.saver.Timeline;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.Traces;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What the ledger knows of one message: msg_log, then msg_cold, then end_log, then receipts. Blocks. */
final class LedgerLook {
    private final Shards shards;

    LedgerLook(Shards shards) {
        this.shards = shards;
    }

    /** NOT_FOUND, WAITING or ENDED, with the stamps; app_id 0 = whichever app's. */
    Timeline.Builder look(long endpoint, long message, int app) throws SQLException {
        var timeline = Timeline.newBuilder().setEndpointId(endpoint).setMessageId(message);
        try (Connection connection = shards.of(Slots.of(endpoint)).connect()) {
            boolean found = row(connection, "SELECT app, expire_at, stored_at, body FROM msg_log", timeline, app)
                    || row(connection, "SELECT app, expire_at, stored_at, body FROM msg_cold", timeline, app);
            if (found) {
                timeline.setState(Timeline.State.WAITING);
                end(connection, "SELECT app, how, code, at, routed_ms, written_ms, attempts, room, stored_at, by_id,"
                        + " NULL FROM msg_cold", " AND how > 0", timeline, app);
            }
            end(connection, "SELECT app, how, code, at, routed_ms, written_ms, attempts, room, stored_at, by_id,"
                    + " trace FROM end_log", "", timeline, app);
            if (timeline.getState() != Timeline.State.NOT_FOUND) {
                receipts(connection, timeline);
            }
        }
        return timeline;
    }

    private static void receipts(Connection connection, Timeline.Builder timeline) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT kind, at, code FROM receipt WHERE ep = ? AND msg_id = ? ORDER BY at, kind")) {
            select.setLong(1, timeline.getEndpointId());
            select.setLong(2, timeline.getMessageId());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ReceiptKind kind = ReceiptKind.forNumber(row.getInt(1));
                    timeline.addReceipts(Receipt.newBuilder()
                            .setKind(kind == null ? ReceiptKind.RECEIPT_NONE : kind)
                            .setEndpointId(timeline.getEndpointId()).setMessageId(timeline.getMessageId())
                            .setAtMs(row.getLong(2)).setCode((int) row.getLong(3)));
                }
            }
        }
    }

    private static boolean row(Connection connection, String from, Timeline.Builder timeline, int app)
            throws SQLException {
        try (PreparedStatement select = bound(connection, from, "", timeline); ResultSet row = select.executeQuery()) {
            if (!row.next() || (app != 0 && row.getInt(1) != app)) {
                return false;
            }
            Push envelope = push(row.getBytes(4));
            timeline.setExpireAtMs(row.getLong(2)).setStoredMs(row.getLong(3))
                    .setLow(envelope.getPriority() == Priority.PRIORITY_LOW).setTrace(envelope.getTrace());
            return true;
        }
    }

    private static Push push(byte[] envelope) {
        try {
            return Push.parseFrom(envelope);
        } catch (InvalidProtocolBufferException noPush) {
            return Push.getDefaultInstance();
        }
    }

    private static void end(Connection connection, String from, String also, Timeline.Builder timeline, int app)
            throws SQLException {
        try (PreparedStatement select = bound(connection, from, also, timeline);
                ResultSet row = select.executeQuery()) {
            if (row.next() && (app == 0 || row.getInt(1) == app)) {
                How how = How.forNumber(row.getInt(2));
                timeline.setState(Timeline.State.ENDED).setHow(how == null ? How.UNRECOGNIZED : how)
                        .setCode(row.getInt(3)).setEndedMs(row.getLong(4)).setRoutedMs(row.getLong(5))
                        .setWrittenMs(row.getLong(6)).setAttempts(row.getInt(7)).setRoomIncarnation(row.getInt(8))
                        .setStoredMs(row.getLong(9)).setReplacedBy(row.getLong(10)); // NULL reads as 0
                byte[] trace = row.getBytes(11);
                if (trace != null) {
                    timeline.setTrace(Traces.column(trace));
                }
            }
        }
    }

    private static PreparedStatement bound(Connection connection, String from, String also, Timeline.Builder timeline)
            throws SQLException {
        PreparedStatement select = connection
                .prepareStatement(from + " WHERE slot = ? AND ep = ? AND msg_id = ?" + also);
        select.setInt(1, Slots.of(timeline.getEndpointId()));
        select.setLong(2, timeline.getEndpointId());
        select.setLong(3, timeline.getMessageId());
        return select;
    }
}
