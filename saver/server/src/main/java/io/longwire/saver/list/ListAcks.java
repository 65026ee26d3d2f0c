package io.longwire.saver.list;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.FunnelRequest;
import io.longwire.rpc.saver.How;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many endpoints acked a broadcast to a list. Its messages end one by one, like any, and nothing counts them; so
 * they are counted where somebody looks at the broadcast, a few slices at each look, beside its answer. A slice is
 * counted for the first time {@value #FIRST_MILLIS} ms after its id was minted, again when it is a quarter older than
 * the last time, and never more when all of it has ended: at most some forty times in the 8 days that ends are kept. A
 * look costs at most {@value #SLICES} slices, 8,000 endpoints, no more than once a second and saver for a broadcast.
 * Counts only grow. Nothing blocks the caller.
 */
public final class ListAcks {
    static final long FIRST_MILLIS = 5_000;
    static final int SLICES = 8;
    private static final long NEVER = Long.MAX_VALUE;
    private static final long LONGEST_MILLIS = Duration.ofHours(6).toMillis();
    /** Savers store nothing under an id of that age. */
    private static final long STORED_MILLIS = Duration.ofMinutes(11).toMillis();
    private static final long ENDS_KEPT_MILLIS = Duration.ofDays(8).toMillis();
    private static final Duration BETWEEN = Duration.ofMillis(900);
    private static final int LOOKED = 10_000;

    private final Shard shard;
    private final ColdCalls calls;
    private final Counting funnels;
    private final Clock clock;
    private final Metrics metrics;
    private final Cache<Long, Boolean> looked;
    private final Set<Long> counting = ConcurrentHashMap.newKeySet(); // broadcasts whose last look is not through

    /** How a message stands over the endpoints of its head. */
    public interface Counting {
        CompletableFuture<Funnel> count(FunnelRequest request);
    }

    private record Slice(int range, long chunk, long number, long message) {
    }

    public ListAcks(Shard first, ColdCalls calls, Counting funnels, Clock clock, Metrics metrics) {
        this.shard = first;
        this.calls = calls;
        this.funnels = funnels;
        this.clock = clock;
        this.metrics = metrics;
        this.looked = Caffeine.newBuilder().maximumSize(LOOKED).expireAfterWrite(BETWEEN).ticker(clock::nanos)
                .executor(Runnable::run).build();
    }

    /** What was counted so far. Blocks. */
    public static long sum(Connection connection, long broadcast) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT SUM(acked) FROM list_slice WHERE broadcast_id = ?")) {
            select.setLong(1, broadcast);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    /**
     * Counts the slices whose turn it is, unless this was called within the last second or an earlier look still
     * counts. Completes when it is done; never fails.
     */
    public CompletableFuture<?> look(int app, long broadcast) {
        if (looked.asMap().putIfAbsent(broadcast, true) != null) {
            return CompletableFuture.completedFuture(broadcast);
        }
        if (!counting.add(broadcast)) {
            return CompletableFuture.completedFuture(broadcast);
        }
        return calls.call(() -> due(broadcast)).thenCompose(slices -> {
            CompletableFuture<?> counted = CompletableFuture.completedFuture(slices);
            for (Slice slice : slices) {
                counted = counted.thenCompose(before -> count(app, broadcast, slice));
            }
            return counted;
        }).handle((counted, failure) -> {
            counting.remove(broadcast);
            if (failure != null) {
                metrics.counter(SaverMetric.LIST_ACK_FAILURES).increment();
            }
            return broadcast;
        });
    }

    private List<Slice> due(long broadcast) throws SQLException {
        var due = new ArrayList<Slice>();
        try (Connection connection = shard.connect();
                PreparedStatement select = connection.prepareStatement("SELECT rng, chunk, number, message_id"
                        + " FROM list_slice WHERE broadcast_id = ? AND look_at <= ? ORDER BY look_at LIMIT "
                        + SLICES)) {
            select.setLong(1, broadcast);
            select.setLong(2, clock.wallMillis());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    due.add(new Slice(row.getInt(1), row.getLong(2), row.getLong(3), row.getLong(4)));
                }
            }
        }
        return due;
    }

    private CompletableFuture<?> count(int app, long broadcast, Slice slice) {
        return funnels.count(FunnelRequest.newBuilder().setAppId(app).setMessageId(slice.message).build())
                .thenCompose(funnel -> calls.call(() -> {
                    metrics.counter(SaverMetric.LIST_ACK_SLICES).increment();
                    note(broadcast, slice, funnel);
                    return funnel;
                })).exceptionallyCompose(failure -> calls.call(() -> postpone(broadcast, slice))
                        .thenCompose(later -> CompletableFuture.failedFuture(failure)));
    }

    // One that cannot be counted must not be the first of every look.
    private Slice postpone(long broadcast, Slice slice) throws SQLException {
        try (Connection connection = shard.connect();
                PreparedStatement update = connection.prepareStatement("UPDATE list_slice SET look_at = ?"
                        + " WHERE broadcast_id = ? AND rng = ? AND chunk = ? AND number = ?")) {
            update.setLong(1, clock.wallMillis() + FIRST_MILLIS);
            update.setLong(2, broadcast);
            update.setInt(3, slice.range);
            update.setLong(4, slice.chunk);
            update.setLong(5, slice.number);
            update.executeUpdate();
        }
        return slice;
    }

    private void note(long broadcast, Slice slice, Funnel funnel) throws SQLException {
        long now = clock.wallMillis();
        long age = now - MessageId.timeMs(slice.message);
        boolean over = age > ENDS_KEPT_MILLIS || (age > STORED_MILLIS && funnel.getWaiting() == 0);
        try (Connection connection = shard.connect();
                PreparedStatement update = connection.prepareStatement("UPDATE list_slice SET"
                        + " acked = GREATEST(acked, ?), look_at = ? WHERE broadcast_id = ? AND rng = ? AND chunk = ?"
                        + " AND number = ?")) {
            update.setInt(1, funnel.getEndedOrDefault(How.ACKED.name(), 0));
            update.setLong(2, over ? NEVER : now + Math.clamp(age / 4, FIRST_MILLIS, LONGEST_MILLIS));
            update.setLong(3, broadcast);
            update.setInt(4, slice.range);
            update.setLong(5, slice.chunk);
            update.setLong(6, slice.number);
            update.executeUpdate();
        }
    }
}
