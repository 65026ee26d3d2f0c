package io.longwire.saver.profile;

import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** From alias to endpoints, sharded by the hash of app and alias; the alias itself stands in the profile only. */
final class Aliases {
    private final Shards shards;

    Aliases(Shards shards) {
        this.shards = shards;
    }

    private Shard shard(byte[] hash) {
        return shards.of(Shards.slotOfHash(hash));
    }

    private static byte[] hash(int app, String alias) {
        byte[] text = alias.getBytes(StandardCharsets.UTF_8);
        try {
            return MessageDigest.getInstance("SHA-256").digest(
                    ByteBuffer.allocate(Integer.BYTES + text.length).putInt(app).put(text).array());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Endpoints of the alias, at most {@link ProfileRules#MAX_ENDPOINTS}, by id. Blocks. */
    List<Long> find(int app, String alias) throws SQLException {
        byte[] hash = hash(app, alias);
        try (Connection connection = shard(hash).connect()) {
            return find(connection, hash);
        }
    }

    private static List<Long> find(Connection connection, byte[] hash) throws SQLException {
        var endpoints = new ArrayList<Long>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT ep FROM alias WHERE alias_hash = ? ORDER BY ep LIMIT " + (ProfileRules.MAX_ENDPOINTS + 1))) {
            select.setBytes(1, hash);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    endpoints.add(row.getLong(1));
                }
            }
        }
        return endpoints;
    }

    /** Adds the endpoint to the alias; false when it has as many as it may. Blocks. */
    boolean bind(int app, String alias, long endpoint, long now) throws SQLException {
        byte[] hash = hash(app, alias);
        try (Connection connection = shard(hash).connect()) {
            List<Long> before = find(connection, hash);
            if (before.contains(endpoint)) {
                return true;
            }
            if (before.size() >= ProfileRules.MAX_ENDPOINTS) {
                return false;
            }
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO alias (alias_hash, ep, app,"
                    + " bound_at) VALUES (?,?,?,?) ON DUPLICATE KEY UPDATE ep = VALUES(ep)")) {
                insert.setBytes(1, hash);
                insert.setLong(2, endpoint);
                insert.setInt(3, app);
                insert.setLong(4, now);
                insert.executeUpdate();
            }
            if (find(connection, hash).size() <= ProfileRules.MAX_ENDPOINTS) {
                return true;
            }
        }
        unbind(app, alias, endpoint); // others were bound meanwhile
        return false;
    }

    /** Takes the endpoint from the alias. Blocks. */
    void unbind(int app, String alias, long endpoint) throws SQLException {
        byte[] hash = hash(app, alias);
        try (Connection connection = shard(hash).connect();
                PreparedStatement delete = connection
                        .prepareStatement("DELETE FROM alias WHERE alias_hash = ? AND ep = ?")) {
            delete.setBytes(1, hash);
            delete.setLong(2, endpoint);
            delete.executeUpdate();
        }
    }
}
