package io.longwire.saver.account;

import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.saver.ledger.SqlBatch;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Standings of many endpoints in one statement. */
final class ReadStandings implements SqlBatch<Long, Standing> {
    @Override
    public int sizeOf(Long endpoint) {
        return 32;
    }

    @Override
    public List<Standing> run(Connection connection, List<Long> endpoints) throws SQLException {
        Map<Long, Standing> found = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT ep, state, app FROM endpoint"
                + " WHERE (slot, ep) IN (" + Tuples.of("(?,?)", endpoints.size()) + ")")) {
            int at = 1;
            for (long endpoint : endpoints) {
                select.setInt(at++, Slots.of(endpoint));
                select.setLong(at++, endpoint);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(row.getLong(1), new Standing(state(row.getInt(2)), row.getInt(3)));
                }
            }
        }
        return endpoints.stream().map(endpoint -> found.getOrDefault(endpoint, Standing.ABSENT)).toList();
    }

    static EndpointRecord.State state(int number) {
        return number == EndpointRecord.State.ACTIVE_VALUE ? EndpointRecord.State.ACTIVE : EndpointRecord.State.GONE;
    }
}
