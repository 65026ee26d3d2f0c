package io.longwire.saver.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.CreateKeyRequest;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.saver.ledger.Shard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * API keys, on the first shard, by the SHA-256 of the key; the key itself is kept nowhere. Found ones are cached for
 * 5 s. Methods block and run on cold-call threads.
 */
public final class Keys {
    private static final int HASH_BYTES = 32;
    private static final int MAX_SCOPES_CHARS = 500;
    private static final int MAX_LABEL = 120;

    private final Shard shard;
    private final Apps apps;
    private final Clock clock;
    private final Cache<ByteString, KeyRecord> cache;

    public Keys(Shard shard, Apps apps, Clock clock) {
        this.shard = shard;
        this.apps = apps;
        this.clock = clock;
        this.cache = Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofSeconds(5))
                .ticker(clock::nanos).build();
    }

    /** Keeps a new key; the same hash again answers what is there. */
    public KeyRecord create(CreateKeyRequest request) throws SQLException {
        check(request.getKeyHash());
        String scopes = String.join(" ", request.getScopesList());
        if (scopes.length() > MAX_SCOPES_CHARS || request.getLabel().length() > MAX_LABEL) {
            throw new IllegalArgumentException("scopes, label: " + scopes.length() + ", " + request.getLabel().length()
                    + " characters (expected: <= " + MAX_SCOPES_CHARS + ", <= " + MAX_LABEL + ")");
        }
        if (apps.get(request.getAppId()).getAppId() == 0) {
            throw new IllegalArgumentException(
                    "app_id: " + request.getAppId() + " (expected: an app that was created)");
        }
        try (Connection connection = shard.connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO api_key (key_hash, app, label,"
                        + " scopes, created_at, expires_at, revoked) VALUES (?,?,?,?,?,?,0)"
                        + " ON DUPLICATE KEY UPDATE key_hash = VALUES(key_hash)")) {
            insert.setBytes(1, request.getKeyHash().toByteArray());
            insert.setInt(2, request.getAppId());
            insert.setString(3, request.getLabel());
            insert.setString(4, scopes);
            insert.setLong(5, clock.wallMillis());
            insert.setLong(6, request.getExpiresMs());
            insert.executeUpdate();
        }
        return read(request.getKeyHash());
    }

    /** The key, or a record with app_id 0. */
    public KeyRecord find(ByteString hash) throws SQLException {
        check(hash);
        KeyRecord known = cache.getIfPresent(hash);
        return known != null ? known : read(hash);
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
                PreparedStatement select = connection.prepareStatement("SELECT app, label, scopes, created_at,"
                        + " expires_at, revoked FROM api_key WHERE key_hash = ?")) {
            select.setBytes(1, hash.toByteArray());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return KeyRecord.getDefaultInstance();
                }
                String scopes = row.getString(3);
                KeyRecord read = KeyRecord.newBuilder().setKeyHash(hash).setAppId(row.getInt(1))
                        .setLabel(row.getString(2))
                        .addAllScopes(scopes.isEmpty() ? List.of() : Arrays.asList(scopes.split(" ", -1)))
                        .setCreatedMs(row.getLong(4)).setExpiresMs(row.getLong(5)).setRevoked(row.getInt(6) == 1)
                        .build();
                cache.put(hash, read);
                return read;
            }
        }
    }

    private static void check(ByteString hash) {
        if (hash.size() != HASH_BYTES) {
            throw new IllegalArgumentException("key_hash: " + hash.size() + " bytes (expected: " + HASH_BYTES + ")");
        }
    }
}
