package io.longwire.saver.list;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.device.id.MessageId;
import io.longwire.rpc.saver.FindSlicesRequest;
import io.longwire.rpc.saver.ListSlice;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/**
 * Notes what parts of lists went out as. The first note of a number stands: two centers that make the same slice get
 * the same message. Nothing blocks the caller; futures fail with StoreFailure or IllegalArgumentException.
 */
public final class ListSlices {
    private static final int RANGES = 64;
    private static final int MOST = 10_000;
    private static final int MOST_FAILED = 40;
    private static final String COLUMNS = "SELECT broadcast_id, rng, chunk, number, message_id, upto, written, failed"
            + " FROM list_slice WHERE broadcast_id = ? AND rng = ?";

    private final Shard shard;
    private final ColdCalls calls;

    public ListSlices(Shard first, ColdCalls calls) {
        this.shard = first;
        this.calls = calls;
    }

    /** Notes it unless there is one of its number; answers the one that stands. */
    public CompletableFuture<ListSlice> put(ListSlice slice) {
        if (slice.getBroadcastId() == 0 || slice.getMessageId() == 0 || slice.getRange() < 0
                || slice.getRange() >= RANGES || slice.getFailedCount() > MOST_FAILED) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("broadcast_id, message_id, range: "
                    + slice.getBroadcastId() + ", " + slice.getMessageId() + ", " + slice.getRange()
                    + " (expected: not 0, not 0, below " + RANGES + ")"));
        }
        return calls.call(() -> {
            try (Connection connection = shard.connect()) {
                insert(connection, slice);
                return standing(connection, slice);
            }
        });
    }

    private static void insert(Connection connection, ListSlice slice) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO list_slice (broadcast_id, rng, chunk,"
                + " number, message_id, upto, written, failed, look_at) VALUES (?,?,?,?,?,?,?,?,?)"
                + " ON DUPLICATE KEY UPDATE number = VALUES(number)")) {
            insert.setLong(1, slice.getBroadcastId());
            insert.setInt(2, slice.getRange());
            insert.setLong(3, Integer.toUnsignedLong(slice.getChunk()));
            insert.setLong(4, Integer.toUnsignedLong(slice.getNumber()));
            insert.setLong(5, slice.getMessageId());
            insert.setLong(6, Integer.toUnsignedLong(slice.getUpto()));
            insert.setLong(7, slice.getWritten());
            insert.setBytes(8, ListSlice.newBuilder().putAllFailed(slice.getFailedMap()).build().toByteArray());
            insert.setLong(9, MessageId.timeMs(slice.getMessageId()) + ListAcks.FIRST_MILLIS);
            insert.executeUpdate();
        }
    }

    private static ListSlice standing(Connection connection, ListSlice slice) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + " AND chunk = ? AND number = ?")) {
            select.setLong(1, slice.getBroadcastId());
            select.setInt(2, slice.getRange());
            select.setLong(3, Integer.toUnsignedLong(slice.getChunk()));
            select.setLong(4, Integer.toUnsignedLong(slice.getNumber()));
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("list_slice: a row just written is missing", "40001"); // deleted: again
                }
                return read(row);
            }
        }
    }

    /** Those of one chunk by number, or the last one of the range. */
    public CompletableFuture<io.longwire.rpc.saver.ListSlices> find(FindSlicesRequest request) {
        String which = request.getLast()
                ? " ORDER BY chunk DESC, number DESC LIMIT 1"
                : " AND chunk = ? ORDER BY number LIMIT " + MOST;
        return calls.call(() -> {
            try (Connection connection = shard.connect();
                    PreparedStatement select = connection.prepareStatement(COLUMNS + which)) {
                select.setLong(1, request.getBroadcastId());
                select.setInt(2, request.getRange());
                if (!request.getLast()) {
                    select.setLong(3, Integer.toUnsignedLong(request.getChunk()));
                }
                var found = io.longwire.rpc.saver.ListSlices.newBuilder();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found.addSlices(read(row));
                    }
                }
                return found.build();
            }
        });
    }

    private static ListSlice read(ResultSet row) throws SQLException {
        try {
            return ListSlice.newBuilder().mergeFrom(row.getBytes(8)).setBroadcastId(row.getLong(1))
                    .setRange(row.getInt(2)).setChunk((int) row.getLong(3)).setNumber((int) row.getLong(4))
                    .setMessageId(row.getLong(5)).setUpto((int) row.getLong(6)).setWritten(row.getLong(7)).build();
        } catch (InvalidProtocolBufferException unreadable) {
            throw new SQLException("slice of broadcast " + row.getLong(1) + ": unreadable", unreadable);
        }
    }
}
