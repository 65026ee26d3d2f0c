package io.longwire.saver.account;

import com.google.protobuf.ByteString;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.CreateAppRequest;
import io.longwire.rpc.saver.UpdateAppRequest;
import io.longwire.saver.inbox.Caps;
import io.longwire.saver.ledger.Shard;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The apps, on the first shard. All of them are kept in memory ({@value #MOST} at most, some 200 B each) and read
 * again every 2 s, so that the hot path knows an app's caps without a look-up. Blocking methods run on cold-call
 * threads.
 */
public final class Apps {
    /** The most apps of a deployment. */
    static final int MOST = 100_000;
    private static final int MAX_NAME = 120;
    private static final int WEEK_SECONDS = 7 * 86_400;
    private static final String COLUMNS = "SELECT app, name, app_key, sends_per_second, inbox_messages, overflow,"
            + " max_ttl_s, created_at, stored_messages, stored_bytes, fan_out, inbox_bytes, receipts,"
            + " broadcast_size, devices FROM app";

    private final Shard shard;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private volatile Map<Integer, AppRecord> known = Map.of();

    public Apps(Shard shard, Clock clock) {
        this.shard = shard;
        this.clock = clock;
    }

    /** The app as last read; app_id 0 = it is not known here. Never blocks. */
    public AppRecord known(int app) {
        return known.getOrDefault(app, AppRecord.getDefaultInstance());
    }

    /** Whether any app has a quota of what waits, as last read. */
    public boolean limited() {
        return known.values().stream().anyMatch(app -> app.getStoredMessages() > 0 || app.getStoredBytes() > 0);
    }

    /** What an inbox of the app may hold, as last read. */
    public Caps caps(int app) {
        AppRecord record = known.get(app);
        return record == null
                ? Caps.DEFAULT
                : new Caps(record.getInboxMessages(), AppUpdate.inboxBytes(record),
                        Caps.Overflow.of(record.getOverflow()));
    }

    /** Reads all apps. Blocks. */
    public void refresh() throws SQLException {
        var read = new HashMap<Integer, AppRecord>();
        list().forEach(app -> read.put(app.getAppId(), app));
        known = Map.copyOf(read);
    }

    /** The app, or a record with app_id 0. Blocks if it is not among those read. */
    public AppRecord get(int app) throws SQLException {
        AppRecord there = known.get(app);
        if (there != null) {
            return there;
        }
        try (Connection connection = shard.connect();
                PreparedStatement select = connection.prepareStatement(COLUMNS + " WHERE app = ?")) {
            select.setInt(1, app);
            return one(select);
        }
    }

    /** All apps, by id. Blocks. */
    public List<AppRecord> list() throws SQLException {
        var apps = new ArrayList<AppRecord>();
        try (Connection connection = shard.connect();
                PreparedStatement select = connection.prepareStatement(COLUMNS + " ORDER BY app LIMIT " + MOST);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                apps.add(record(row));
            }
        }
        return apps;
    }

    /** Creates an app; the same idempotency key gives the same one. Blocks. */
    public AppRecord create(CreateAppRequest request) throws SQLException {
        if (request.getName().isBlank() || request.getName().length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "name: " + request.getName() + " (expected: 1 to " + MAX_NAME + " characters)");
        }
        var key = new byte[16];
        random.nextBytes(key);
        byte @Nullable [] idempotency = request.getIdempotencyKey().isEmpty()
                ? null
                : Hashes.sha256(request.getIdempotencyKey().getBytes(StandardCharsets.UTF_8));
        int cap = request.getInboxMessages() == 0
                ? Caps.MAX_MESSAGES
                : (int) Math.min(Integer.toUnsignedLong(request.getInboxMessages()), Caps.MAX_MESSAGES);
        try (Connection connection = shard.connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO app (name, app_key,"
                        + " sends_per_second, inbox_messages, overflow, max_ttl_s, created_at, idem_hash, next_ord)"
                        + " VALUES (?,?,?,?,0,?,?,?,0) ON DUPLICATE KEY UPDATE app = LAST_INSERT_ID(app)");
                PreparedStatement select = connection.prepareStatement(COLUMNS + " WHERE app = LAST_INSERT_ID()")) {
            insert.setString(1, request.getName().strip());
            insert.setBytes(2, key);
            insert.setLong(3, Integer.toUnsignedLong(request.getSendsPerSecond()));
            insert.setInt(4, cap);
            insert.setInt(5, WEEK_SECONDS);
            insert.setLong(6, clock.wallMillis());
            insert.setBytes(7, idempotency);
            insert.executeUpdate();
            return believe(one(select));
        }
    }

    /** Changes the fields named in the mask; other savers follow within 2 s. Answers app_id 0 for no such app. */
    public AppRecord update(UpdateAppRequest request) throws SQLException {
        AppUpdate update = AppUpdate.of(request);
        int app = request.getApp().getAppId();
        try (Connection connection = shard.connect();
                PreparedStatement change = connection.prepareStatement(update.sql());
                PreparedStatement select = connection.prepareStatement(COLUMNS + " WHERE app = ?")) {
            update.bind(change);
            change.executeUpdate();
            select.setInt(1, app);
            AppRecord changed = one(select);
            return changed.getAppId() == 0 ? changed : believe(changed);
        }
    }

    private AppRecord believe(AppRecord read) {
        var more = new HashMap<>(known);
        more.put(read.getAppId(), read);
        known = Map.copyOf(more);
        return read;
    }

    /** Takes a block of ordinals of an app; the first one. Blocks. Throws IllegalArgumentException for no such app. */
    long takeOrds(int app, int count) throws SQLException {
        try (Connection connection = shard.connect();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE app SET next_ord = LAST_INSERT_ID(next_ord) + ? WHERE app = ?");
                PreparedStatement select = connection.prepareStatement("SELECT LAST_INSERT_ID()")) {
            update.setInt(1, count);
            update.setInt(2, app);
            if (update.executeUpdate() != 1) {
                throw new IllegalArgumentException("app_id: " + app + " (expected: an app that was created)");
            }
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static AppRecord one(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? record(row) : AppRecord.getDefaultInstance();
        }
    }

    private static AppRecord record(ResultSet row) throws SQLException {
        return AppRecord.newBuilder().setAppId(row.getInt(1)).setName(row.getString(2))
                .setAppKey(ByteString.copyFrom(row.getBytes(3))).setSendsPerSecond((int) row.getLong(4))
                .setInboxMessages(row.getInt(5)).setOverflow(row.getInt(6)).setMaxTtlSeconds(row.getInt(7))
                .setCreatedMs(row.getLong(8)).setStoredMessages(row.getLong(9)).setStoredBytes(row.getLong(10))
                .setFanOut(row.getInt(11)).setInboxBytes((int) row.getLong(12)).setReceipts(row.getInt(13) == 1)
                .setBroadcastSize(row.getLong(14)).setDevices(row.getInt(15)).build();
    }
}
