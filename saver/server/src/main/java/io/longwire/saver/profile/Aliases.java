package io.longwire.saver.profile;

import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.Transaction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * From alias to endpoints, sharded by the hash of app and alias; the alias itself stands in the profile only. Where an
 * app bounds the devices of its users, bindings of one alias are one at a time by a lock of the database, for which
 * nobody waits: an alias that everybody wants holds neither threads nor connections. Each takes the rows of those that
 * lose it in the transaction that writes its own.
 */
final class Aliases {
    private static final long FRESH_MILLIS = 5_000; // younger wishes go by their order here: clocks of savers differ
    private static final int LOCK_BYTES = 10; // a name has 64 characters at most

    private final Shards shards;
    private final AliasRules rules;

    /**
     * One endpoint that wants an alias.
     *
     * @param platform empty = it did not say
     * @param at unix ms at which it was wished
     */
    record Wish(int app, String alias, long endpoint, String platform, long at) {
    }

    private record Holder(long endpoint, String platform, long boundAt) {
    }

    Aliases(Shards shards, AliasRules rules) {
        this.shards = shards;
        this.rules = rules;
    }

    private Shard shard(byte[] hash) {
        return shards.of(Shards.slotOfHash(hash));
    }

    static byte[] hash(int app, String alias) {
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
            return holders(connection, hash).stream().map(Holder::endpoint).toList();
        }
    }

    private static List<Holder> holders(Connection connection, byte[] hash) throws SQLException {
        var holders = new ArrayList<Holder>();
        try (PreparedStatement select = connection.prepareStatement("SELECT ep, platform, bound_at FROM alias"
                + " WHERE alias_hash = ? ORDER BY ep LIMIT " + (ProfileRules.MAX_ENDPOINTS + 1))) {
            select.setBytes(1, hash);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    holders.add(new Holder(row.getLong(1), row.getString(2), row.getLong(3)));
                }
            }
        }
        return holders;
    }

    private static boolean has(List<Holder> holders, long endpoint) {
        return holders.stream().anyMatch(holder -> holder.endpoint == endpoint);
    }

    /**
     * Adds the endpoint to the alias, as the app's setting and bans have it. A ban is looked at before, so that nobody
     * loses the alias to one that may not have it, and after, as it may have been made meanwhile. Blocks.
     *
     * @param losers told of endpoints that lose the alias if this works; also when it throws, as it may have worked
     */
    Bound bind(Wish wish, long now, LongConsumer losers) throws SQLException {
        if (rules.banned().isBanned(wish.app, wish.alias)) {
            return Bound.BANNED;
        }
        Devices devices = rules.devices().of(wish.app);
        byte[] hash = hash(wish.app, wish.alias);
        Bound bound;
        try (Connection connection = shard(hash).connect()) {
            bound = devices == Devices.ALL
                    ? add(connection, hash, wish)
                    : alone(connection, hash, wish, devices, now, losers);
        }
        if (bound == Bound.FULL) {
            unbind(wish.app, wish.alias, wish.endpoint); // others were bound meanwhile
        } else if (bound == Bound.DONE && rules.banned().isBanned(wish.app, wish.alias)) {
            unbind(wish.app, wish.alias, wish.endpoint);
            return Bound.BANNED;
        }
        return bound;
    }

    private static Bound add(Connection connection, byte[] hash, Wish wish) throws SQLException {
        List<Holder> before = holders(connection, hash);
        if (has(before, wish.endpoint)) {
            return Bound.HAD;
        }
        if (before.size() >= ProfileRules.MAX_ENDPOINTS) {
            return Bound.FULL;
        }
        insert(connection, hash, wish);
        return holders(connection, hash).size() <= ProfileRules.MAX_ENDPOINTS ? Bound.DONE : Bound.FULL;
    }

    private static Bound alone(Connection connection, byte[] hash, Wish wish, Devices devices, long now,
            LongConsumer losers) throws SQLException {
        String lock = lock(hash);
        if (!ask(connection, "SELECT GET_LOCK(" + lock + ", 0)")) {
            return Bound.BUSY;
        }
        try {
            return Transaction.on(connection, open -> decide(open, hash, wish, devices, now, losers));
        } finally {
            ask(connection, "SELECT RELEASE_LOCK(" + lock + ")");
        }
    }

    /** The name of the alias's lock, as an expression of the database. */
    static String lock(byte[] hash) {
        return "CONCAT(LEFT(DATABASE(), 40), '.a" + HexFormat.of().formatHex(hash, 0, LOCK_BYTES) + "')";
    }

    private static Bound decide(Connection connection, byte[] hash, Wish wish, Devices devices, long now,
            LongConsumer losers) throws SQLException {
        List<Holder> before = holders(connection, hash);
        boolean had = has(before, wish.endpoint);
        if (devices == Devices.OLDEST && !before.isEmpty()) {
            return had ? Bound.HAD : Bound.TAKEN;
        }
        List<Holder> rivals = before.stream().filter(holder -> holder.endpoint != wish.endpoint
                && (devices == Devices.NEWEST || holder.platform.equals(wish.platform))).toList();
        if (wish.at < now - FRESH_MILLIS && rivals.stream().anyMatch(rival -> rival.boundAt > wish.at)) {
            return had ? Bound.HAD : Bound.LATE;
        }
        List<Long> lost = rivals.stream().map(Holder::endpoint).toList();
        if (before.size() - lost.size() >= ProfileRules.MAX_ENDPOINTS && !had) {
            return Bound.FULL;
        }
        for (long loser : lost) {
            losers.accept(loser); // before the commit: whose answer may be lost
            delete(connection, hash, loser);
        }
        insert(connection, hash, wish);
        return had ? Bound.HAD : Bound.DONE;
    }

    private static void insert(Connection connection, byte[] hash, Wish wish) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO alias (alias_hash, ep, app,"
                + " bound_at, platform) VALUES (?,?,?,?,?)"
                + " ON DUPLICATE KEY UPDATE bound_at = GREATEST(bound_at, VALUES(bound_at)),"
                + " platform = VALUES(platform)")) {
            insert.setBytes(1, hash);
            insert.setLong(2, wish.endpoint);
            insert.setInt(3, wish.app);
            insert.setLong(4, wish.at);
            insert.setString(5, wish.platform);
            insert.executeUpdate();
        }
    }

    private static boolean ask(Connection connection, String question) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(question);
                ResultSet row = select.executeQuery()) {
            return row.next() && row.getInt(1) == 1;
        }
    }

    /** Takes the endpoint from the alias. Blocks. */
    void unbind(int app, String alias, long endpoint) throws SQLException {
        byte[] hash = hash(app, alias);
        try (Connection connection = shard(hash).connect()) {
            delete(connection, hash, endpoint);
        }
    }

    private static void delete(Connection connection, byte[] hash, long endpoint) throws SQLException {
        try (PreparedStatement delete = connection
                .prepareStatement("DELETE FROM alias WHERE alias_hash = ? AND ep = ?")) {
            delete.setBytes(1, hash);
            delete.setLong(2, endpoint);
            delete.executeUpdate();
        }
    }
}
