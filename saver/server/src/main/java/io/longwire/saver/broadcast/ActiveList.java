package io.longwire.saver.broadcast;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.rpc.saver.AppFloor;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What rooms hold in memory: all broadcasts that are not over, and the floor of each app.
 *
 * <p>A floor must never be at or above the sequence of a broadcast that somebody may still get: a phone would be told
 * to forget it, and be taken for one that has it. Counter and rows are therefore read by one statement, which sees one
 * state of the database (a consistent read of InnoDB, at any isolation), and a counter is written in the transaction
 * that inserts the row, under a lock that is held until its commit. So a counter that is seen at 7 comes with the rows
 * up to 7, and one that is being made has a sequence of 8 or more: above any floor that this state gives. It does not
 * matter that pages of the list were read earlier: what was made in between is missing in them and above the floor.
 *
 * <p>Hundreds of rooms ask every few seconds, and an answer that is older than the question would be wrong: what a list
 * lacks is over. So a page is kept with the number of changes that it was read under, and given again while that number
 * stands in the ledger; who asks for a page that is about to be read gets that one. At most {@value #PAGES} pages of
 * about 1 MB are kept.
 */
public final class ActiveList {
    private static final int MOST = 200;
    private static final int PAGES = 32;

    private final Shard shard;
    private final ColdCalls calls;
    private final Counter read;
    private final Counter kept;
    private final Cache<ListActiveRequest, Page> pages = Caffeine.newBuilder().maximumSize(PAGES).build();
    private final Map<ListActiveRequest, CompletableFuture<ListActiveReply>> asked = new ConcurrentHashMap<>();

    private record Page(long number, ListActiveReply reply) {
    }

    public ActiveList(Shard first, ColdCalls calls, Metrics metrics) {
        this.shard = first;
        this.calls = calls;
        this.read = metrics.counter(SaverMetric.ACTIVE_LISTS, "from", "ledger");
        this.kept = metrics.counter(SaverMetric.ACTIVE_LISTS, "from", "kept");
    }

    /** A page by (app, seq); the last one has the floors. Fails with StoreFailure. */
    public CompletableFuture<ListActiveReply> list(ListActiveRequest request) {
        CompletableFuture<ListActiveReply> page = asked.computeIfAbsent(request, first -> calls.call(() -> {
            asked.remove(request); // whoever asks from now on may not be answered with what is read here
            try (Connection connection = shard.connect()) {
                return list(connection, request);
            }
        }));
        page.whenComplete((reply, failure) -> asked.remove(request, page)); // one that no thread took
        return page;
    }

    // The number is read before the page, so a page may only be newer than what it is kept under.
    private ListActiveReply list(Connection connection, ListActiveRequest request) throws SQLException {
        long number = number(connection);
        Page known = pages.getIfPresent(request);
        if (known != null && known.number == number) {
            kept.increment();
            return known.reply;
        }
        ListActiveReply reply = read(connection, request);
        read.increment();
        pages.put(request, new Page(number, reply));
        return reply;
    }

    private static long number(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT n FROM bcast_change");
                ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static ListActiveReply read(Connection connection, ListActiveRequest request) throws SQLException {
        List<Broadcast> page = page(connection, request);
        boolean more = !page.isEmpty() && behind(connection, page.getLast());
        var reply = ListActiveReply.newBuilder().addAllBroadcasts(page).setMore(more);
        if (!more) {
            floors(connection, reply);
        }
        return reply.build();
    }

    private static List<Broadcast> page(Connection connection, ListActiveRequest request) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                BroadcastRows.COLUMNS + " WHERE active = 1 AND seq > 0 AND (app > ? OR (app = ? AND seq > ?))"
                        + " ORDER BY active, app, seq LIMIT " + MOST)) {
            place(select, request.getAfterApp(), request.getAfterSeq());
            return BroadcastRows.page(select);
        }
    }

    private static boolean behind(Connection connection, Broadcast last) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM broadcast WHERE active = 1"
                + " AND seq > 0 AND (app > ? OR (app = ? AND seq > ?)) LIMIT 1")) {
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
