package io.longwire.saver.ask;

import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.How;
import io.longwire.saver.cold.ColdSlots;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.inbox.SlotKeys;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.ReadStanding;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.Standing;
import io.longwire.saver.partition.Compactor;
import io.longwire.saver.partition.SlotRanges;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The conservation law over a range of ids: every row of the ledger has ended or lives. Partitions that are still
 * there are scanned; of dropped ones the counts that the compactor kept are added, which were made while the rows
 * were there. In addition what lives is looked for where a fetch would find it. Blocks; used by cold-call threads.
 */
public final class ConservationScan {
    private static final long MAX_MILLIS = 24 * 3_600_000L;
    private static final int PEEKS_AT_ONCE = 500;
    private static final int TRIES = 3;

    private final Shards shards;
    private final RedisNodes redis;
    private final ColdSlots cold;
    private final SlotKeys slots;
    private final Clock clock;

    public ConservationScan(Shards shards, RedisNodes redis, ColdSlots cold, Clock clock) {
        this.shards = shards;
        this.redis = redis;
        this.cold = cold;
        this.slots = new SlotKeys(clock);
        this.clock = clock;
    }

    private record Range(long fromId, long toId, int app) {
    }

    private static final class Counts {
        private final Map<Integer, Long> byHow = new HashMap<>();
        private long rows;
        private long live;
        private final List<MessageKey> hidden = new ArrayList<>();
    }

    /** Counts. Throws IllegalArgumentException for a range of more than 24 h. */
    public Conservation scan(ConservationRequest request) throws SQLException {
        return scan(request, hidden -> {
        });
    }

    /** Counts, and tells each live message that is in no inbox, in the calling thread. */
    Conservation scan(ConservationRequest request, Consumer<MessageKey> hidden) throws SQLException {
        long to = request.getToMs() == 0 ? clock.wallMillis() + 1 : request.getToMs();
        if (to < request.getFromMs() || to - request.getFromMs() > MAX_MILLIS) {
            throw new IllegalArgumentException("from_ms, to_ms: " + request.getFromMs() + ", " + to
                    + " (expected: a range of at most 24 h)");
        }
        var range = new Range(MessageId.firstOf(request.getFromMs()), MessageId.firstOf(to), request.getAppId());
        var counts = new Counts();
        for (Shard shard : shards.list()) {
            add(counts, scan(shard, range));
        }
        var answer = Conservation.newBuilder().setRows(counts.rows).setLive(counts.live)
                .setHidden(counts.hidden.size());
        counts.hidden.forEach(hidden);
        long ended = 0;
        for (Map.Entry<Integer, Long> each : counts.byHow.entrySet()) {
            How how = How.forNumber(each.getKey());
            answer.putEnded(how == null ? "how-" + each.getKey() : how.name(), each.getValue());
            ended += each.getValue();
        }
        return answer.setGap(counts.rows - ended - counts.live).build();
    }

    // Again if the compactor closed a partition meanwhile: its rows were counted twice or not at all.
    private Counts scan(Shard shard, Range range) throws SQLException {
        for (int tried = 1;; tried++) {
            try (Connection connection = shard.connectForJob()) {
                long open = firstOpenId(connection);
                var counts = new Counts();
                closed(connection, range, open, counts);
                open(connection, new Range(Math.max(range.fromId, open), range.toId, range.app), counts);
                if (firstOpenId(connection) == open || tried == TRIES) {
                    return counts;
                }
            }
        }
    }

    // Minutes are closed oldest first and whole; what is in one of them is counted there, dropped already or not.
    private static long firstOpenId(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT MAX(minute) FROM closed_minute");
                ResultSet row = select.executeQuery()) {
            long last = row.next() ? row.getLong(1) : 0;
            return last == 0 ? 0 : MessageId.firstOf((last + 1) * 60_000);
        }
    }

    private static void closed(Connection connection, Range range, long open, Counts counts) throws SQLException {
        long until = Math.min(range.toId, open);
        if (until <= range.fromId) {
            return;
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT how, SUM(n) FROM closed_minute"
                + " WHERE minute >= ? AND minute < ?" + (range.app == 0 ? "" : " AND app = ?") + " GROUP BY how")) {
            select.setLong(1, MessageId.timeMs(range.fromId) / 60_000);
            select.setLong(2, MessageId.timeMs(until) / 60_000);
            if (range.app != 0) {
                select.setInt(3, range.app);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    count(counts, row.getInt(1), row.getLong(2));
                }
            }
        }
    }

    private static void count(Counts counts, int how, long n) {
        if (how == Compactor.ALL_ROWS) {
            counts.rows += n;
        } else if (how == How.NONE_VALUE) {
            counts.live += n;
        } else {
            counts.byHow.merge(how, n, Long::sum);
        }
    }

    // Rows are counted with what they are, in one statement: what is acked meanwhile is in one of the two.
    private void open(Connection connection, Range range, Counts counts) throws SQLException {
        String rows = " FROM msg_log m LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id"
                + " WHERE m.slot BETWEEN ? AND ? AND m.msg_id >= ? AND m.msg_id < ?"
                + (range.app == 0 ? "" : " AND m.app = ?");
        new SlotRanges(clock).walk((first, last) -> {
            try (PreparedStatement select = connection
                    .prepareStatement("SELECT COALESCE(e.how, 0) AS h, COUNT(*)" + rows + " GROUP BY h")) {
                bind(select, first, last, range);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        counts.rows += row.getLong(2);
                        count(counts, row.getInt(1), row.getLong(2));
                    }
                }
            }
            try (PreparedStatement select = connection
                    .prepareStatement("SELECT m.ep, m.msg_id, m.expire_at" + rows + " AND e.msg_id IS NULL")) {
                bind(select, first, last, range);
                live(connection, select, counts);
            }
        });
    }

    private static void bind(PreparedStatement select, int first, int last, Range range) throws SQLException {
        select.setInt(1, first);
        select.setInt(2, last);
        select.setLong(3, range.fromId);
        select.setLong(4, range.toId);
        if (range.app != 0) {
            select.setInt(5, range.app);
        }
    }

    private void live(Connection connection, PreparedStatement select, Counts counts) throws SQLException {
        var keys = new ArrayList<MessageKey>();
        long now = clock.wallMillis();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                if (row.getLong(3) > now) {
                    keys.add(new MessageKey(row.getLong(1), row.getLong(2)));
                }
                if (keys.size() == PEEKS_AT_ONCE) {
                    counts.hidden.addAll(hidden(connection, keys));
                    keys.clear();
                }
            }
        }
        counts.hidden.addAll(hidden(connection, keys));
    }

    // An end is committed before its message leaves the inbox: what has none after the look was not there.
    private List<MessageKey> hidden(Connection connection, List<MessageKey> keys) throws SQLException {
        List<CompletableFuture<Boolean>> looks = keys.stream().map(this::hidden).toList();
        var missing = new ArrayList<MessageKey>();
        for (int i = 0; i < looks.size(); i++) {
            if (looks.get(i).join()) {
                missing.add(keys.get(i));
            }
        }
        if (missing.isEmpty()) {
            return missing;
        }
        List<Standing> standing = new ReadStanding().run(connection, missing);
        var hidden = new ArrayList<MessageKey>();
        for (int i = 0; i < missing.size(); i++) {
            if (!standing.get(i).ended()) {
                hidden.add(missing.get(i));
            }
        }
        return hidden;
    }

    private CompletableFuture<Boolean> hidden(MessageKey key) {
        RedisSession session = redis.session(key.slot());
        if (session == null || !cold.warm(key.slot(), session)) {
            return CompletableFuture.completedFuture(false);
        }
        return slots.peek(session, key.endpoint(), key.message())
                .thenApply(peeked -> !peeked.there() && !peeked.parked() && cold.warm(key.slot(), session))
                .exceptionally(silent -> false);
    }

    private static void add(Counts sum, Counts more) {
        sum.rows += more.rows;
        sum.live += more.live;
        sum.hidden.addAll(more.hidden);
        more.byHow.forEach((how, n) -> sum.byHow.merge(how, n, Long::sum));
    }
}
