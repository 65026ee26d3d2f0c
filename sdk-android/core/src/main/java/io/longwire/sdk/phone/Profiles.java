package io.longwire.sdk.phone;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.ProfileAck;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.loop.TimerSlot;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Takes the {@linkplain AppProfile profiles} that apps want to the room, one PROFILE at a time for each app, until it
 * is acknowledged: again with a growing pause after a failure, on every new connection, and after a restart. One that
 * is not answered in {@link io.longwire.sdk.policy.Pace#replyMillis} after it and the bytes ahead of it can have left
 * counts as lost, and the second time the connection is asked too; the phone is awake meanwhile, a minute at most. An
 * answer that is late counts as long as the next one is not late as well. Belongs to the loop.
 */
final class Profiles {
    /** First pause after a failure; doubled up to {@link #PAUSE_MAX_MILLIS}. */
    static final long PAUSE_MILLIS = 1_000;
    static final long PAUSE_MAX_MILLIS = 300_000;

    private static final long RETRY_AFTER_MAX_MILLIS = 3_600_000;
    private static final int DOUBLINGS = 9;
    private static final int DOUBT_FAILURES = 2;

    private final Collection<App> apps;
    private final Parts parts;
    private final TimerSlot again;
    private @Nullable Connection by;
    private int lastRequest;
    private long unsupportedUntil;

    Profiles(Collection<App> apps, Parts parts) {
        this.apps = apps;
        this.parts = parts;
        this.again = new TimerSlot(parts.loop);
    }

    /** Sends what waits and may go now. */
    void pump(Connection connection) {
        if (connection != by) {
            giveUpAll();
            by = connection;
        }
        long now = parts.now();
        long next = Long.MAX_VALUE;
        for (App app : apps) {
            if (!app.bound || app.profile().isOpen()) {
                continue;
            }
            long from = Math.max(app.profile().notBefore, unsupportedUntil);
            if (now >= from) {
                send(connection, app);
            } else if (app.profile().waits()) {
                next = Math.min(next, from - now);
            }
        }
        if (next != Long.MAX_VALUE) {
            again.set(next, () -> pumpAgain(connection));
        }
    }

    private void pumpAgain(Connection connection) {
        if (connection == by) {
            pump(connection);
        }
    }

    private void send(Connection connection, App app) {
        Profile profile = app.profile().next(lastRequest + 1, app.endpointId());
        if (profile == null) {
            return;
        }
        int request = ++lastRequest;
        connection.profile(profile);
        parts.traffic.out(app.appId(), profile, connection.isLodged());
        if (!app.profile().isOpen(request)) {
            return; // the connection ended by being written to
        }
        app.profile().awaits(connection.written(), parts.loop.await(connection.replyBy() - parts.now(), () -> {
            if (connection == by && app.profile().isOpen(request)) {
                late(connection, app);
            }
        }));
    }

    private void late(Connection connection, App app) {
        app.profile().late();
        pause(app, 0);
        if (app.profile().failures >= DOUBT_FAILURES) {
            connection.doubt(); // to send again is no sign of life, and would put the next ping off
        }
        pump(connection);
    }

    void onAck(Connection connection, ProfileAck ack) {
        App app = connection == by ? appOf(ack.getReqId()) : null;
        if (app == null) {
            return;
        }
        boolean late = app.profile().isLate(ack.getReqId());
        if (!late) {
            connection.wasRead(app.profile().mark());
        }
        if (ack.getCode() == Code.OK) {
            app.profile().failures = 0;
            app.profile().notBefore = 0;
            if (late) {
                app.profile().appliedLate();
            } else {
                app.profile().applied();
            }
        } else if (late) {
            return; // it goes again, so what refuses it is heard again as well
        } else if (Refusal.isForGood(ack.getCode())) {
            app.profile().refused(ack.getCode(), ack.getText());
        } else {
            failed(app, ack.getRetryAfterMs());
        }
        pump(connection);
    }

    /** Something was refused; it may have been a PROFILE. */
    void onError(Connection connection, ErrorFrame error) {
        if (connection != by || error.getFrameType() != FrameType.PROFILE) {
            return;
        }
        if (error.getFatal()) {
            // The next connection would end in the same way.
            unsupportedUntil = parts.now() + Refusal.FINAL_MILLIS;
        } else {
            onAck(connection, ProfileAck.newBuilder().setReqId((int) error.getRef()).setCode(error.getCode())
                    .setText(error.getText()).setRetryAfterMs(error.getRetryAfterMs()).build());
        }
    }

    /** The connection is over; what it carried goes again by the next. */
    void onClosed(Connection connection) {
        if (connection == by) {
            by = null;
            again.cancel();
            giveUpAll();
        }
    }

    private void giveUpAll() {
        for (App app : apps) {
            app.profile().giveUp();
        }
    }

    private void failed(App app, long retryAfterMillis) {
        pause(app, retryAfterMillis);
        app.profile().again();
    }

    private void pause(App app, long retryAfterMillis) {
        long pause = Math.min(PAUSE_MAX_MILLIS, PAUSE_MILLIS << Math.min(DOUBLINGS, app.profile().failures++));
        long told = Math.min(RETRY_AFTER_MAX_MILLIS, Math.max(0, retryAfterMillis));
        app.profile().notBefore = parts.now() + (told > 0 ? told : pause);
    }

    private @Nullable App appOf(int request) {
        for (App app : apps) {
            if (app.profile().isOpen(request) || app.profile().isLate(request)) {
                return app;
            }
        }
        return null;
    }
}
