package io.longwire.saver.schedule;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.longwire.keeper.clock.Clock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many schedules an app may still have. Counted on the shard that gets one, at most every 10 s for each app, and
 * from there on by what is put here: so several savers, or shards, may pass the limit by a little.
 */
final class Room {
    /** The most schedules of an app that are active or paused. */
    static final int LIVE = 100_000;

    private final int most;
    private final Cache<Integer, AtomicInteger> live;

    Room(int shards, Clock clock) {
        this.most = Math.max(1, LIVE / shards);
        this.live = Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofSeconds(10))
                .ticker(clock::nanos).build();
    }

    /** Takes a place. Throws IllegalArgumentException when there is none. Blocks. */
    void take(Connection connection, int app) throws SQLException {
        AtomicInteger count = live.getIfPresent(app);
        if (count == null) {
            count = new AtomicInteger(count(connection, app));
            live.put(app, count);
        }
        if (count.incrementAndGet() > most) {
            throw new IllegalArgumentException("schedules: " + most + " live (expected: fewer; delete some)");
        }
    }

    private int count(Connection connection, int app) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT COUNT(*) FROM (SELECT 1 FROM schedule"
                + " WHERE app = ? AND state IN (1, 2) LIMIT " + most + ") s")) {
            select.setInt(1, app);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
