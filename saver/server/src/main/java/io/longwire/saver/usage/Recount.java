package io.longwire.saver.usage;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.saver.due.WorkedSlots;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.partition.SlotRanges;
import io.longwire.saver.watch.Rounds;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts once an hour what lives in the ledger, and moves the sums by what they were off before. Deltas that arrive
 * meanwhile stay added; those of the second before the scan may be counted twice or not at all, which the next recount
 * puts right. The saver that works slot 0 does it, under a lock of the database; when it was done last stands in the
 * table, so another one does not begin anew.
 */
public final class Recount {
    private static final Logger LOG = LoggerFactory.getLogger(Recount.class);
    static final Duration PERIOD = Duration.ofHours(1);

    private final WorkedSlots worked;
    private final Shards shards;
    private final UsageTable table;
    private final Clock clock;
    private final Metrics metrics;

    public Recount(WorkedSlots worked, Shards shards, UsageTable table, Clock clock, Metrics metrics) {
        this.worked = worked;
        this.shards = shards;
        this.table = table;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Looks once a minute whether it is time. The caller closes it. */
    public Rounds start() {
        return new Rounds("recount", clock, Duration.ofMinutes(1), this::round,
                () -> metrics.counter(SaverMetric.USAGE_FAILURES).increment());
    }

    private void round() throws SQLException {
        if (worked.has(0)) {
            table.exclusively(locked -> {
                long last = table.lastRecount();
                if (clock.wallMillis() - last >= PERIOD.toMillis()) {
                    recount();
                }
            });
        }
    }

    /** Counts now. Blocks for as long as a scan of all live messages takes. */
    void recount() throws SQLException {
        Map<Integer, Sum> before = table.all();
        Map<Integer, Sum> counted = new HashMap<>();
        for (Shard shard : shards.list()) {
            count(shard, counted);
        }
        long now = clock.wallMillis();
        var corrections = new HashMap<Integer, Sum>();
        before.forEach((app, sum) -> counted.putIfAbsent(app, Sum.NONE));
        counted.forEach((app, sum) -> {
            Sum was = before.getOrDefault(app, Sum.NONE);
            corrections.put(app, new Sum(sum.messages() - was.messages(), sum.bytes() - was.bytes(), now));
        });
        corrections.put(0, new Sum(0, 0, now));
        table.add(corrections);
        LOG.debug("usage of {} apps recounted", counted.size());
    }

    private void count(Shard shard, Map<Integer, Sum> counted) throws SQLException {
        String ended = " LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id"
                + " WHERE m.slot BETWEEN ? AND ? AND e.msg_id IS NULL";
        String columns = "SELECT m.app, COUNT(*), SUM(LENGTH(m.body)) FROM ";
        try (Connection connection = shard.connectForJob()) {
            new SlotRanges(clock).walk((first, last) -> {
                count(connection, columns + "msg_log m" + ended + " GROUP BY m.app", first, last, counted);
                count(connection, columns + "msg_cold m" + ended + " AND m.how = 0 GROUP BY m.app", first, last,
                        counted);
            });
        }
    }

    private static void count(Connection connection, String sql, int first, int last, Map<Integer, Sum> counted)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setInt(1, first);
            select.setInt(2, last);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    counted.merge(row.getInt(1), new Sum(row.getLong(2), row.getLong(3), 0),
                            (a, b) -> new Sum(a.messages() + b.messages(), a.bytes() + b.bytes(), 0));
                }
            }
        }
    }
}
