package io.longwire.sdk.phone;

import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.ProfileAck;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.connection.Connection;
import java.util.Collection;
import java.util.Random;

/**
 * What the apps have to say besides their acks: {@link Reports}, {@link Profiles} and {@link Uplinks}. Belongs to the
 * loop.
 */
final class Outbox {
    private final Reports reports;
    private final Profiles profiles;
    private final Uplinks uplinks;

    Outbox(Collection<App> apps, Parts parts, Random random) {
        reports = new Reports(apps, parts);
        profiles = new Profiles(apps, parts);
        uplinks = new Uplinks(apps, parts, random);
    }

    /** Sends what waits and may go: there is something new, or the connection serves more endpoints now. */
    void pump(Connection connection) {
        if (connection.isConnected()) {
            reports.pump(connection);
            profiles.pump(connection);
            uplinks.pump(connection);
        }
    }

    void onReported(Connection connection) {
        reports.onReported(connection);
    }

    void onProfileAck(Connection connection, ProfileAck ack) {
        profiles.onAck(connection, ack);
    }

    void onUplinkReply(Connection connection, UplinkReply reply) {
        uplinks.onReply(connection, reply);
    }

    void onReply(Reply reply) {
        uplinks.onAnswer(reply);
    }

    /** Something waits, and there is no connection. */
    void watch() {
        uplinks.look();
    }

    void onError(Connection connection, ErrorFrame error) {
        profiles.onError(connection, error);
        uplinks.onError(connection, error);
    }

    void onClosed(Connection connection) {
        reports.onClosed(connection);
        profiles.onClosed(connection);
        uplinks.onClosed(connection);
    }
}
