package io.longwire.sdk.phone;

import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.ProfileAck;
import io.longwire.sdk.connection.Connection;
import java.util.Collection;

/** What the apps have to say besides their acks: {@link Reports} and {@link Profiles}. Belongs to the loop. */
final class Outbox {
    private final Reports reports;
    private final Profiles profiles;

    Outbox(Collection<App> apps, Parts parts) {
        reports = new Reports(apps, parts);
        profiles = new Profiles(apps, parts);
    }

    /** Sends what waits and may go: there is something new, or the connection serves more endpoints now. */
    void pump(Connection connection) {
        if (connection.isConnected()) {
            reports.pump(connection);
            profiles.pump(connection);
        }
    }

    void onReported(Connection connection) {
        reports.onReported(connection);
    }

    void onProfileAck(Connection connection, ProfileAck ack) {
        profiles.onAck(connection, ack);
    }

    void onError(Connection connection, ErrorFrame error) {
        profiles.onError(connection, error);
    }

    void onClosed(Connection connection) {
        reports.onClosed(connection);
        profiles.onClosed(connection);
    }
}
