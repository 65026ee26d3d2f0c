package io.longwire.saver.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.CreateKeyRequest;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.rpc.saver.ListKeysReply;
import io.longwire.saver.ledger.Shard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * API keys, on the first shard, by the SHA-256 of the key; the key itself is kept nowhere. An app has at most {@value
 * #LIVE} that live. Found ones are cached for 5 s. Methods block and run on cold-call threads.
 */
public final class Keys {
    /** The most live keys of an app: the one in use, and the one that follows it. */
    static final int LIVE = 2;
    private static final int LISTED = 200;
    private static final int HASH_BYTES = 32;
    private static final int MAX_SCOPES_CHARS = 500;
    private static final int MAX_NETWORKS_CHARS = 2_000;
    private static final int MAX_LABEL = 120;
    private static final long MINUTE = 60_000;
    private static final String COLUMNS = "SELECT key_hash, app, label, scopes, created_at, expires_at, revoked,"
            + " networks, used_at FROM api_key";

    private final Shard shard;
    private final Apps apps;
    private final Clock clock;
    private final Cache<ByteString, KeyRecord> cache;
    private final Cache<ByteString, Long> used; // the minute noted last

    public Keys(Shard shard, Apps apps, Clock clock) {
        this.shard = shard;
        this.apps = apps;
        this.clock = clock;
        this.cache = Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofSeconds(5))
                .ticker(clock::nanos).build();
        this.used = Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofMinutes(2))
                .ticker(clock::nanos).build();
    }

    /** Keeps a new key; the same hash again answers what is there. */
    public KeyRecord create(CreateKeyRequest request) throws SQLException {
        check(request.getKeyHash());
        String scopes = String.join(" ", request.getScopesList());
        String networks = String.join(" ", request.getNetworksList());
        limit("scopes", scopes, MAX_SCOPES_CHARS);
        limit("networks", networks, MAX_NETWORKS_CHARS);
        limit("label", request.getLabel(), MAX_LABEL);
        if (apps.get(request.getAppId()).getAppId() == 0) {
            throw new IllegalArgumentException(
                    "app_id: " + request.getAppId() + " (expected: an app that was created)");
        }
        try (Connection connection = shard.connect()) {
            connection.setAutoCommit(false);
            try {
                room(connection, request);
                insert(connection, request, scopes, networks);
                connection.commit();
            } catch (SQLException | IllegalArgumentException failed) {
                connection.rollback();
                throw failed;
            } finally {
                connection.setAutoCommit(true);
            }
        }
        return read(request.getKeyHash());
    }

    // The app's row is locked, so two creations meet here.
    private void room(Connection connection, CreateKeyRequest request) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT app FROM app WHERE app = ? FOR UPDATE");
                PreparedStatement select = connection.prepareStatement("SELECT COUNT(*) FROM api_key WHERE app = ?"
                        + " AND revoked = 0 AND (expires_at = 0 OR expires_at > ?) AND key_hash <> ?")) {
            lock.setInt(1, request.getAppId());
            lock.executeQuery().close();
            select.setInt(1, request.getAppId());
            select.setLong(2, clock.wallMillis());
            select.setBytes(3, request.getKeyHash().toByteArray());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                if (row.getInt(1) >= LIVE) {
                    throw new IllegalArgumentException("keys: " + row.getInt(1) + " live (expected: fewer than " + LIVE
                            + "; revoke one first)");
                }
            }
        }
    }

    private void insert(Connection connection, CreateKeyRequest request, String scopes, String networks)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO api_key (key_hash, app, label,"
                + " scopes, created_at, expires_at, revoked, networks) VALUES (?,?,?,?,?,?,0,?)"
                + " ON DUPLICATE KEY UPDATE key_hash = VALUES(key_hash)")) {
            insert.setBytes(1, request.getKeyHash().toByteArray());
            insert.setInt(2, request.getAppId());
            insert.setString(3, request.getLabel());
            insert.setString(4, scopes);
            insert.setLong(5, clock.wallMillis());
            insert.setLong(6, request.getExpiresMs());
            insert.setString(7, networks);
            insert.executeUpdate();
        }
    }

    /** The key, or a record with app_id 0; notes its use, once a minute at most. {@code usedAt}: unix ms, 0 = no. */
    public KeyRecord find(ByteString hash, long usedAt) throws SQLException {
        check(hash);
        KeyRecord known = cache.getIfPresent(hash);
        KeyRecord found = known != null ? known : read(hash);
        long minute = usedAt / MINUTE * MINUTE;
        if (found.getAppId() != 0 && minute > found.getUsedMs()
                && minute > used.asMap().getOrDefault(hash, 0L)) {
            used.put(hash, minute);
            note(hash, minute);
        }
        return found;
    }

    private void note(ByteString hash, long minute) throws SQLException {
        try (Connection connection = shard.connect();
                PreparedStatement update = connection
                        .prepareStatement("UPDATE api_key SET used_at = ? WHERE key_hash = ? AND used_at < ?")) {
            update.setLong(1, minute);
            update.setBytes(2, hash.toByteArray());
            update.setLong(3, minute);
            update.executeUpdate();
        }
    }

    /** The keys of an app, the newest first, at most {@value #LISTED}; revoked ones included. */
    public ListKeysReply list(int app) throws SQLException {
        var reply = ListKeysReply.newBuilder();
        try (Connection connection = shard.connect();
                PreparedStatement select = connection.prepareStatement(
                        COLUMNS + " WHERE app = ? ORDER BY created_at DESC, key_hash LIMIT " + LISTED)) {
            select.setInt(1, app);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    reply.addKeys(record(row));
                }
            }
        }
        return reply.build();
    }

    /** Revokes it for good; other processes see it within 5 s. */
    public KeyRecord revoke(ByteString hash) throws SQLException {
        check(hash);
        try (Connection connection = shard.connect();
                PreparedStatement update = connection
                        .prepareStatement("UPDATE api_key SET revoked = 1 WHERE key_hash = ?")) {
            update.setBytes(1, hash.toByteArray());
            update.executeUpdate();
        }
        return read(hash);
    }

    private KeyRecord read(ByteString hash) throws SQLException {
        try (Connection connection = shard.connect();
                PreparedStatement select = connection.prepareStatement(COLUMNS + " WHERE key_hash = ?")) {
            select.setBytes(1, hash.toByteArray());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return KeyRecord.getDefaultInstance();
                }
                KeyRecord read = record(row);
                cache.put(hash, read);
                return read;
            }
        }
    }

    private static KeyRecord record(ResultSet row) throws SQLException {
        return KeyRecord.newBuilder().setKeyHash(ByteString.copyFrom(row.getBytes(1))).setAppId(row.getInt(2))
                .setLabel(row.getString(3)).addAllScopes(words(row.getString(4))).setCreatedMs(row.getLong(5))
                .setExpiresMs(row.getLong(6)).setRevoked(row.getInt(7) == 1).addAllNetworks(words(row.getString(8)))
                .setUsedMs(row.getLong(9)).build();
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(" ", -1));
    }

    private static void limit(String name, String text, int most) {
        if (text.length() > most) {
            throw new IllegalArgumentException(
                    name + ": " + text.length() + " characters (expected: <= " + most + ")");
        }
    }

    private static void check(ByteString hash) {
        if (hash.size() != HASH_BYTES) {
            throw new IllegalArgumentException("key_hash: " + hash.size() + " bytes (expected: " + HASH_BYTES + ")");
        }
    }
}
