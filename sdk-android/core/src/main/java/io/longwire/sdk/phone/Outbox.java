package io.longwire.sdk.phone;

import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.ProfileAck;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.loop.TimerSlot;
import io.longwire.sdk.share.Guests;
import java.util.Collection;
import java.util.Random;

/**
 * What the apps have to say besides their acks: {@link Reports}, {@link Profiles} and {@link Uplinks}; and what they
 * cost, {@link TrafficReports}. Profiles and uplinks have words in them, which are not sealed: they do not go through
 * an app that must not read. For them the phone goes to a room by itself, and back {@link #BACK_MILLIS} later. Belongs
 * to the loop.
 */
final class Outbox {
    static final long BACK_MILLIS = 60_000;

    private final Collection<App> apps;
    private final Parts parts;
    private final Runnable move;
    private final TimerSlot back;
    private final Reports reports;
    private final Profiles profiles;
    private final Uplinks uplinks;
    private final TrafficReports traffic;
    private final ListRenewal renewal;

    /**
     * @param renewal is told when the radio is awake
     * @param move goes over to another connection
     */
    Outbox(Collection<App> apps, Guests guests, Parts parts, Random random, ListRenewal renewal, Runnable move) {
        this.apps = apps;
        this.parts = parts;
        this.move = move;
        this.renewal = renewal;
        back = new TimerSlot(parts.loop);
        reports = new Reports(apps, parts);
        profiles = new Profiles(apps, parts);
        uplinks = new Uplinks(apps, parts, random);
        traffic = new TrafficReports(apps, guests, parts);
    }

    /** Sends what waits and may go: there is something new, or the connection serves more endpoints now. */
    void pump(Connection connection) {
        if (!connection.isConnected()) {
            return;
        }
        renewal.awake();
        reports.pump(connection);
        if (!connection.isSealedOnly()) {
            profiles.pump(connection);
            uplinks.pump(connection);
            if (parts.dialer.passesOver() && hasWords() && !back.isSet()) {
                back.set(BACK_MILLIS, this::comeBack);
            }
        } else if (hasWords()) {
            uplinks.look();
            move.run();
        }
    }

    private void comeBack() {
        if (hasWords()) {
            back.set(BACK_MILLIS, this::comeBack);
        } else if (parts.dialer.passesOver()) {
            move.run();
        }
    }

    /** Whether an app has something to say that others could read on its way, or waits for an answer to such. */
    boolean hasWords() {
        for (App app : apps) {
            if (app.profile().waits() || !app.uplinks().isSettled()) {
                return true;
            }
        }
        return false;
    }

    /** A ping on the phone's own connection was answered. */
    void onAlive(Connection connection) {
        traffic.onAlive(connection);
        renewal.awake();
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

    // No room writes one to an app that must not read, so that app made it up.
    void onReply(Connection connection, Reply reply) {
        if (!connection.isSealedOnly()) {
            uplinks.onAnswer(connection, reply);
        }
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
