package io.longwire.saver.cold;

import io.longwire.keeper.cluster.Slots;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The statements of a repair on slot_state and the gone endpoints. All block. */
public final class SlotStates {
    private static final int CHUNK = 512;

    private SlotStates() {
    }

    /** Gives every slot its row; a slot without an announced data set is cold. */
    public static void ensureRows(Shard shard) throws SQLException {
        try (Connection connection = shard.connectForJob()) {
            for (int first = 0; first < Slots.COUNT; first += CHUNK) {
                try (PreparedStatement insert = connection.prepareStatement("INSERT INTO slot_state"
                        + " (slot, cold_gen, clean_gen, cold_from, redis_replid, replid_at) VALUES "
                        + Tuples.of("(?,0,0," + Long.MAX_VALUE + ",'',0)", CHUNK)
                        + " ON DUPLICATE KEY UPDATE slot = VALUES(slot)")) {
                    for (int i = 0; i < CHUNK; i++) {
                        insert.setInt(i + 1, first + i);
                    }
                    insert.executeUpdate();
                }
            }
        }
    }

    /** Names the data set in which the slots are going to be complete; they are cold until a repair is through. */
    static void announce(Connection connection, List<Integer> slots, String replicationId, long now)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE slot_state SET cold_gen = cold_gen + 1,"
                + " redis_replid = ?, replid_at = ? WHERE redis_replid <> ? AND slot IN ("
                + Tuples.of("?", slots.size()) + ")")) {
            update.setString(1, replicationId);
            update.setLong(2, now);
            update.setString(3, replicationId);
            bind(update, 4, slots);
            update.executeUpdate();
        }
    }

    /** Makes slots cold whose data set has lost something though it kept its name. */
    static void suspect(Connection connection, List<Integer> slots, String replicationId) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE slot_state SET cold_gen = cold_gen + 1"
                + " WHERE redis_replid = ? AND cold_gen = clean_gen AND slot IN (" + Tuples.of("?", slots.size())
                + ")")) {
            update.setString(1, replicationId);
            bind(update, 2, slots);
            update.executeUpdate();
        }
    }

    static List<SlotState> read(Connection connection, List<Integer> slots) throws SQLException {
        var states = new ArrayList<SlotState>();
        try (PreparedStatement select = connection.prepareStatement("SELECT " + SlotState.COLUMNS
                + " FROM slot_state WHERE slot IN (" + Tuples.of("?", slots.size()) + ") ORDER BY slot")) {
            bind(select, 1, slots);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    states.add(SlotState.of(row));
                }
            }
        }
        return states;
    }

    /** Everything up to the cold_gen of these states is in the inbox; a mark set since then keeps its slot cold. */
    static void clean(Connection connection, List<SlotState> states) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("INSERT INTO slot_state"
                + " (slot, cold_gen, clean_gen, cold_from, redis_replid, replid_at) VALUES "
                + Tuples.of("(?,0,?,0,?,0)", states.size()) + " ON DUPLICATE KEY UPDATE"
                + " cold_from = IF(redis_replid = VALUES(redis_replid) AND cold_gen = VALUES(clean_gen), "
                + Long.MAX_VALUE + ", cold_from),"
                + " clean_gen = IF(redis_replid = VALUES(redis_replid), GREATEST(clean_gen, VALUES(clean_gen)),"
                + " clean_gen)")) {
            int at = 1;
            for (SlotState state : states) {
                update.setInt(at++, state.slot());
                update.setLong(at++, state.coldGen());
                update.setString(at++, state.replicationId());
            }
            update.executeUpdate();
        }
    }

    /** The endpoints of these slots that are gone and not yet erased, by slot. */
    static Map<Integer, List<Long>> gone(Connection connection, List<Integer> slots) throws SQLException {
        var endpoints = new HashMap<Integer, List<Long>>();
        if (slots.isEmpty()) {
            return endpoints;
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT slot, ep FROM endpoint WHERE state = 2"
                + " AND slot IN (" + Tuples.of("?", slots.size()) + ")")) {
            bind(select, 1, slots);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    endpoints.computeIfAbsent(row.getInt(1), any -> new ArrayList<>()).add(row.getLong(2));
                }
            }
        }
        return endpoints;
    }

    private static void bind(PreparedStatement statement, int from, List<Integer> slots) throws SQLException {
        int at = from;
        for (int slot : slots) {
            statement.setInt(at++, slot);
        }
    }
}
