package io.longwire.saver.profile;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.Profile;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The row of a profile, and the lock that serialises its changes. All block. */
final class ProfileRows {
    private static final String LOCK = "CONCAT(LEFT(DATABASE(), 40), '.p', ?)";
    private static final int WAIT_SECONDS = 2;

    private ProfileRows() {
    }

    /** Takes the endpoint's lock, which ends with {@link #unlock} or with the connection. */
    static void lock(Connection connection, long endpoint) throws SQLException {
        if (!ask(connection, "SELECT GET_LOCK(" + LOCK + ", " + WAIT_SECONDS + ")", endpoint)) {
            throw new SQLException("profile of " + Long.toUnsignedString(endpoint) + ": being changed", "40001");
        }
    }

    static void unlock(Connection connection, long endpoint) throws SQLException {
        ask(connection, "SELECT RELEASE_LOCK(" + LOCK + ")", endpoint);
    }

    private static boolean ask(Connection connection, String question, long endpoint) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(question)) {
            select.setString(1, Long.toHexString(endpoint));
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getInt(1) == 1;
            }
        }
    }

    /** Whether the endpoint is active and the app's; app 0 = whichever app's. Answers its app, 0 = no. */
    static int app(Connection connection, long endpoint, int app) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT app FROM endpoint WHERE slot = ? AND ep = ? AND state = 1")) {
            select.setInt(1, Slots.of(endpoint));
            select.setLong(2, endpoint);
            try (ResultSet row = select.executeQuery()) {
                int owner = row.next() ? row.getInt(1) : 0;
                return app == 0 || app == owner ? owner : 0;
            }
        }
    }

    /** The profile; an empty one where there is none. */
    static Profile read(Connection connection, long endpoint) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT body, changed_at FROM profile WHERE slot = ? AND ep = ?")) {
            select.setInt(1, Slots.of(endpoint));
            select.setLong(2, endpoint);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Profile.parseFrom(row.getBytes(1)).toBuilder().setEndpointId(endpoint)
                                .setChangedMs(row.getLong(2)).build()
                        : Profile.newBuilder().setEndpointId(endpoint).build();
            }
        } catch (InvalidProtocolBufferException unreadable) {
            throw new SQLException("profile of " + Long.toUnsignedString(endpoint) + ": unreadable", unreadable);
        }
    }

    static Profile write(Connection connection, int app, Profile profile, long now) throws SQLException {
        long endpoint = profile.getEndpointId();
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO profile (slot, ep, app, changed_at,"
                + " body) VALUES (?,?,?,?,?) ON DUPLICATE KEY UPDATE changed_at = VALUES(changed_at),"
                + " body = VALUES(body)")) {
            insert.setInt(1, Slots.of(endpoint));
            insert.setLong(2, endpoint);
            insert.setInt(3, app);
            insert.setLong(4, now);
            insert.setBytes(5, profile.toBuilder().clearChangedMs().clearEndpointId().build().toByteArray());
            insert.executeUpdate();
        }
        return profile.toBuilder().setChangedMs(now).build();
    }

    static void delete(Connection connection, long endpoint) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM profile WHERE slot = ? AND ep = ?")) {
            delete.setInt(1, Slots.of(endpoint));
            delete.setLong(2, endpoint);
            delete.executeUpdate();
        }
    }
}
