package io.longwire.saver.broadcast;

import io.longwire.rpc.saver.AppFloor;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What rooms hold in memory: all broadcasts that are not over, and the floor of each app.
 *
 * <p>A floor must never be at or above the sequence of a broadcast that somebody may still get: a phone would be told
 * to forget it, and be taken for one that has it. Counter and rows are therefore read by one statement, which sees one
 * state of the database (a consistent read of InnoDB, at any isolation), and a counter is written in the transaction
 * that inserts the row, under a lock that is held until its commit. So a counter that is seen at 7 comes with the rows
 * up to 7, and one that is being made has a sequence of 8 or more: above any floor that this state gives. It does not
 * matter that pages of the list were read earlier: what was made in between is missing in them and above the floor.
 */
public final class ActiveList {
    private static final int MOST = 200;

    private final Shard shard;
    private final ColdCalls calls;

    public ActiveList(Shard first, ColdCalls calls) {
        this.shard = first;
        this.calls = calls;
    }

    /** A page by (app, seq); the last one has the floors. Fails with StoreFailure. */
    public CompletableFuture<ListActiveReply> list(ListActiveRequest request) {
        return calls.call(() -> {
            try (Connection connection = shard.connect()) {
                List<Broadcast> page = page(connection, request);
                boolean more = !page.isEmpty() && behind(connection, page.getLast());
                var reply = ListActiveReply.newBuilder().addAllBroadcasts(page).setMore(more);
                if (!more) {
                    floors(connection, reply);
                }
                return reply.build();
            }
        });
    }

    private static List<Broadcast> page(Connection connection, ListActiveRequest request) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                BroadcastRows.COLUMNS + " WHERE active = 1 AND (app > ? OR (app = ? AND seq > ?))"
                        + " ORDER BY active, app, seq LIMIT " + MOST)) {
            place(select, request.getAfterApp(), request.getAfterSeq());
            return BroadcastRows.page(select);
        }
    }

    private static boolean behind(Connection connection, Broadcast last) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM broadcast WHERE active = 1"
                + " AND (app > ? OR (app = ? AND seq > ?)) LIMIT 1")) {
            place(select, last.getAppId(), last.getSeq());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static void place(PreparedStatement select, int app, long seq) throws SQLException {
        select.setLong(1, Integer.toUnsignedLong(app));
        select.setLong(2, Integer.toUnsignedLong(app));
        select.setLong(3, seq);
    }

    private static void floors(Connection connection, ListActiveReply.Builder reply) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT s.app, s.last, (SELECT MIN(b.seq)"
                + " FROM broadcast b WHERE b.active = 1 AND b.app = s.app) FROM bcast_seq s ORDER BY s.app");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                long last = row.getLong(2);
                long oldest = row.getLong(3); // 0 = null: none that is not over
                reply.addFloors(AppFloor.newBuilder().setAppId(row.getInt(1)).setLastSeq(last)
                        .setFloor(oldest == 0 ? last : oldest - 1));
            }
        }
    }
}
