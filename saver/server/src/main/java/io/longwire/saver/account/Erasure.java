package io.longwire.saver.account;

import io.longwire.keeper.cluster.Slots;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.inbox.SlotKeys;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.profile.Profiles;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Erases gone endpoints: profile, the claim of the install, and last the row itself, so that whoever dies in between
 * finds it again. Afterwards nobody ever had such an endpoint. Blocks.
 */
public final class Erasure {
    private record Gone(int app, byte[] install) {
    }

    private final Shards shards;
    private final Profiles profiles;
    private final Endpoints endpoints;
    private final RedisNodes redis;
    private final SlotKeys slots;

    public Erasure(Shards shards, Profiles profiles, Endpoints endpoints, RedisNodes redis, SlotKeys slots) {
        this.shards = shards;
        this.profiles = profiles;
        this.endpoints = endpoints;
        this.redis = redis;
        this.slots = slots;
    }

    /** Erases an endpoint that is marked gone; nothing for any other. */
    void erase(long endpoint) throws SQLException {
        Gone gone = find(endpoint);
        if (gone == null) {
            return;
        }
        profiles.forget(endpoint, gone.app);
        try (Connection connection = shards.of(Shards.slotOfHash(gone.install)).connect();
                PreparedStatement delete = connection
                        .prepareStatement("DELETE FROM install WHERE app = ? AND install_hash = ? AND ep = ?")) {
            delete.setInt(1, gone.app);
            delete.setBytes(2, gone.install);
            delete.setLong(3, endpoint);
            delete.executeUpdate();
        }
        try (Connection connection = shards.of(Slots.of(endpoint)).connect();
                PreparedStatement delete = connection
                        .prepareStatement("DELETE FROM endpoint WHERE slot = ? AND ep = ? AND state = 2")) {
            delete.setInt(1, Slots.of(endpoint));
            delete.setLong(2, endpoint);
            delete.executeUpdate();
        }
        endpoints.forget(endpoint);
    }

    private @Nullable Gone find(long endpoint) throws SQLException {
        try (Connection connection = shards.of(Slots.of(endpoint)).connect();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT app, install_hash FROM endpoint WHERE slot = ? AND ep = ? AND state = 2")) {
            select.setInt(1, Slots.of(endpoint));
            select.setLong(2, endpoint);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Gone(row.getInt(1), row.getBytes(2)) : null;
            }
        }
    }

    // Left there if Redis does not answer: eight bytes in a set, which a repair of the slot may leave out.
    void forget(int slot, List<Long> erased) {
        RedisSession session = redis.session(slot);
        if (session != null) {
            slots.removeGone(session, slot, erased).exceptionally(silent -> 0L);
        }
    }
}
