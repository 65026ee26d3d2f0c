package io.longwire.saver.receipt;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.PullReceiptsReply;
import io.longwire.rpc.saver.PullReceiptsRequest;
import io.longwire.rpc.saver.Receipt;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.Traces;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Receipts in the order of a cursor, which is the last number read on each shard. Numbers become visible in their
 * order (see {@link InsertReceipts}), so nothing is passed by; a cursor may be used again, and reads the same from
 * there. Blocks; used by cold-call threads.
 */
public final class PullReceipts {
    private static final int MOST = 1_000;

    private record Numbered(int shard, long seq, long storedAt, Receipt receipt) {
    }

    private final Shards shards;

    public PullReceipts(Shards shards) {
        this.shards = shards;
    }

    /** The next receipts of the app. Throws IllegalArgumentException for a cursor that was not given here. */
    public PullReceiptsReply pull(PullReceiptsRequest request) throws SQLException {
        int limit = request.getLimit() <= 0 ? MOST : Math.min(request.getLimit(), MOST);
        long[] last = cursor(request.getCursor());
        var found = new ArrayList<Numbered>();
        for (Shard shard : shards.list()) {
            found.addAll(read(shard, request.getAppId(), last[shard.number()], limit + 1));
        }
        // Each shard's part stays in the order of its numbers, whatever the savers' clocks say.
        long[] newest = new long[last.length];
        for (int i = 0; i < found.size(); i++) {
            Numbered each = found.get(i);
            newest[each.shard] = Math.max(newest[each.shard], each.storedAt);
            found.set(i, new Numbered(each.shard, each.seq, newest[each.shard], each.receipt));
        }
        found.sort(Comparator.comparingLong(Numbered::storedAt).thenComparingInt(Numbered::shard)
                .thenComparingLong(Numbered::seq));
        var reply = PullReceiptsReply.newBuilder().setMore(found.size() > limit);
        for (Numbered each : found.subList(0, Math.min(limit, found.size()))) {
            last[each.shard] = each.seq;
            reply.addReceipts(each.receipt);
        }
        return reply.setCursor(cursor(last)).build();
    }

    private static List<Numbered> read(Shard shard, int app, long after, int limit) throws SQLException {
        var found = new ArrayList<Numbered>();
        try (Connection connection = shard.connect();
                PreparedStatement select = connection.prepareStatement("SELECT seq, ep, msg_id, kind, code, at,"
                        + " stored_at, trace FROM receipt WHERE app = ? AND seq > ? ORDER BY seq LIMIT " + limit)) {
            select.setInt(1, app);
            select.setLong(2, after);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ReceiptKind kind = ReceiptKind.forNumber(row.getInt(4));
                    found.add(new Numbered(shard.number(), row.getLong(1), row.getLong(7),
                            Receipt.newBuilder().setEndpointId(row.getLong(2)).setMessageId(row.getLong(3))
                                    .setKind(kind == null ? ReceiptKind.RECEIPT_NONE : kind)
                                    .setCode((int) row.getLong(5)).setAtMs(row.getLong(6)).setShard(shard.number())
                                    .setSeq(row.getLong(1)).setTrace(Traces.column(row.getBytes(8))).build()));
                }
            }
        }
        return found;
    }

    // Shards that were added since the cursor was given are read from their beginning.
    private long[] cursor(ByteString given) {
        int count = shards.list().size();
        if (given.size() % Long.BYTES != 0 || given.size() > count * Long.BYTES) {
            throw new IllegalArgumentException(
                    "cursor: " + given.size() + " bytes (expected: one that was given with receipts)");
        }
        long[] last = new long[count];
        ByteBuffer bytes = given.asReadOnlyByteBuffer();
        for (int i = 0; bytes.hasRemaining(); i++) {
            last[i] = bytes.getLong();
        }
        return last;
    }

    private static ByteString cursor(long[] last) {
        var bytes = ByteBuffer.allocate(last.length * Long.BYTES);
        for (long each : last) {
            bytes.putLong(each);
        }
        return ByteString.copyFrom(bytes.flip());
    }
}
