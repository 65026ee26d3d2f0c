package io.longwire.saver.cold;

import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.saver.due.WorkedSlots;
import io.longwire.saver.inbox.Inbox;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.watch.Rounds;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Takes inboxes of endpoints that were not seen for 72 h out of Redis: their messages are in msg_cold, a marker of
 * some 100 B says so, and the fetch that meets it reads the ledger. An inbox is looked at when one of its messages
 * turns 72 h old, found by id in the ledger of the slots this saver works; an endpoint that fetched meanwhile is left
 * alone, and so is an inbox with a FAST message whose row is not written yet. Idempotent.
 */
public final class Parking {
    /** An endpoint not seen for so long. */
    public static final Duration UNSEEN = Duration.ofDays(3);
    private static final Duration PERIOD = Duration.ofMinutes(10);
    private static final Duration LOOK_BACK = Duration.ofHours(6);
    private static final int AT_ONCE = 500;

    private final WorkedSlots worked;
    private final Repair.Stores stores;
    private final Inbox inbox;
    private final Clock clock;
    private final Metrics.Counter parked;
    private long doneUntil; // an id; rounds never overlap

    public Parking(WorkedSlots worked, Repair.Stores stores, Metrics metrics) {
        this.worked = worked;
        this.stores = stores;
        this.clock = stores.clock();
        this.inbox = new Inbox(clock);
        this.parked = metrics.counter(SaverMetric.PARKED_MESSAGES);
    }

    /** Rounds every 10 min. The caller closes it. */
    public Rounds start() {
        return new Rounds("parking", clock, PERIOD, this::round, () -> { // counted by the stores
        });
    }

    /** Parks what turned 72 h old since the last round; at first, in the last 6 h. Blocks. */
    public void round() throws SQLException {
        long old = clock.wallMillis() - UNSEEN.toMillis();
        long until = MessageId.firstOf(old);
        long from = doneUntil == 0 ? MessageId.firstOf(old - LOOK_BACK.toMillis()) : doneUntil;
        for (Shard shard : stores.shards().list()) {
            try (Connection connection = shard.connectForJob()) {
                park(connection, from, until);
            }
        }
        doneUntil = until;
    }

    private void park(Connection connection, long from, long until) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT DISTINCT m.ep FROM msg_cold m"
                + " LEFT JOIN end_log e ON e.slot = m.slot AND e.ep = m.ep AND e.msg_id = m.msg_id"
                + " WHERE m.msg_id >= ? AND m.msg_id < ? AND m.how = 0 AND e.msg_id IS NULL")) {
            select.setLong(1, from);
            select.setLong(2, until);
            var endpoints = new ArrayList<Long>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    endpoints.add(row.getLong(1));
                }
            }
            for (int at = 0; at < endpoints.size(); at += AT_ONCE) {
                park(endpoints.subList(at, Math.min(endpoints.size(), at + AT_ONCE)));
            }
        }
    }

    private void park(List<Long> endpoints) {
        var asked = new ArrayList<CompletableFuture<Long>>();
        for (long endpoint : endpoints) {
            int slot = Slots.of(endpoint);
            RedisSession session = stores.redis().session(slot);
            if (session != null && worked.has(slot)) {
                asked.add(inbox.park(session, endpoint, UNSEEN));
            }
        }
        try {
            asked.forEach(each -> parked.add(each.join()));
        } catch (CompletionException silent) {
            throw StoreFailure.of(silent);
        }
    }
}
