package io.longwire.saver.cold;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A row of slot_state.
 *
 * @param coldFrom oldest message id appended without confirmation since the slot was clean; Long.MAX_VALUE = none
 * @param replicationId the Redis data set the slot is (or is about to be) complete in
 */
record SlotState(int slot, long coldGen, long cleanGen, long coldFrom, String replicationId) {
    static final String COLUMNS = "slot, cold_gen, clean_gen, cold_from, redis_replid";

    static SlotState of(ResultSet row) throws SQLException {
        return new SlotState(row.getInt(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getString(5));
    }

    boolean marked() {
        return coldGen > cleanGen;
    }
}
