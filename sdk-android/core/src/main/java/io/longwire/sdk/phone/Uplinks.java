package io.longwire.sdk.phone;

import io.longwire.device.Code;
import io.longwire.device.Feature;
import io.longwire.device.FrameType;
import io.longwire.device.Limits;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.loop.TimerSlot;
import io.longwire.sdk.policy.ReconnectPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the apps {@linkplain AppUplinks send} to the room, in order and the apps in turn; as many at once as one
 * connection may have. What is not answered goes again under the same seq: after a pause when the room has no place
 * for it, or says nothing for {@link io.longwire.sdk.policy.Pace#replyMillis} after it and the bytes ahead of it can
 * have left, and the second time the connection is asked too; on the next connection when this one is over. A reply
 * that comes late counts, or what takes longer than that would never end. A pause is the app's: later uplinks of it
 * wait too. Belongs to the loop.
 */
final class Uplinks {
    /** First pause after a failure; doubled up to {@link #PAUSE_MAX_MILLIS}. */
    static final long PAUSE_MILLIS = 1_000;
    static final long PAUSE_MAX_MILLIS = 300_000;

    private static final int DOUBLINGS = 9;
    private static final int LATE_MAX = 64;
    private static final int DOUBT_FAILURES = 2;
    private static final long SPREAD_MIN_MILLIS = 500;
    private static final int SPREAD_SHARE = 10;

    private final Collection<App> apps;
    private final Parts parts;
    private final Random random;
    private final TimerSlot timer;
    private final Map<Long, Sent> sent = new LinkedHashMap<>(); // by request, the oldest first
    private final Map<Long, Sent> late = new LinkedHashMap<>(); // as above; they go again, or went
    private @Nullable Connection by;
    private long lastRequest;
    private int sentBytes;
    private int turn;
    private long unsupportedUntil;

    /** One that waits for its reply. */
    private static final class Sent {
        private final App app;
        private final long seq;
        private final int bytes;
        private long due = Long.MAX_VALUE;
        private long mark; // on the wire

        Sent(App app, long seq, int bytes) {
            this.app = app;
            this.seq = seq;
            this.bytes = bytes;
        }
    }

    Uplinks(Collection<App> apps, Parts parts, Random random) {
        this.apps = apps;
        this.parts = parts;
        this.random = random;
        this.timer = new TimerSlot(parts.loop);
    }

    /** Sends what waits and may go now. */
    void pump(Connection connection) {
        if (connection != by) {
            giveUpAll();
            by = connection;
        }
        look();
    }

    /** Something may be due: replies, the end of a pause, the end of an uplink's time. */
    void look() {
        long now = parts.now();
        giveUpLate(now);
        long next = Long.MAX_VALUE;
        for (App app : apps) {
            next = Math.min(next, app.uplinks().expire(now));
        }
        Connection connection = by;
        if (connection != null) {
            fill(connection, now);
            next = Math.min(next, endOfPauses(now));
        }
        for (Sent one : sent.values()) {
            next = Math.min(next, one.due);
        }
        if (next == Long.MAX_VALUE) {
            timer.cancel();
        } else {
            timer.set(Math.max(1, next - now), this::look);
        }
    }

    private void giveUpLate(long now) {
        boolean again = false;
        Iterator<Map.Entry<Long, Sent>> all = sent.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Long, Sent> entry = all.next();
            Sent one = entry.getValue();
            if (one.due <= now) {
                all.remove();
                sentBytes -= one.bytes;
                late.put(entry.getKey(), one);
                failed(one, 0);
                again |= one.app.uplinks().failures >= DOUBT_FAILURES;
            }
        }
        Iterator<Sent> oldest = late.values().iterator();
        while (late.size() > LATE_MAX) {
            oldest.next();
            oldest.remove();
        }
        Connection connection = by;
        if (again && connection != null) {
            connection.doubt(); // to send again is no sign of life, and would put the next ping off
        }
    }

    private void fill(Connection connection, long now) {
        List<App> all = new ArrayList<>(apps);
        int idle = 0;
        while (idle < all.size() && sent.size() < Limits.UPLINKS_CONNECTION) {
            turn = (turn + 1) % all.size();
            idle = send(connection, all.get(turn), now) ? 0 : idle + 1;
        }
    }

    private boolean send(Connection connection, App app, long now) {
        if (!app.bound || now < from(app) || connection.isClosed()) {
            return false;
        }
        Uplink uplink = app.uplinks().next(lastRequest + 1, app.endpointId(),
                Limits.UPLINKS_CONNECTION_BYTES - sentBytes, connection.has(Feature.REPLIES));
        if (uplink == null) {
            return false;
        }
        lastRequest++;
        int bytes = uplink.getBody().size();
        sentBytes += bytes;
        Sent one = new Sent(app, uplink.getSeq(), bytes);
        sent.put(lastRequest, one); // first: the connection may end by being written to
        connection.uplink(uplink);
        one.due = connection.replyBy();
        one.mark = connection.written();
        parts.traffic.out(app.appId(), uplink, connection.isLodged());
        return true;
    }

    private long from(App app) {
        return Math.max(app.uplinks().notBefore, unsupportedUntil);
    }

    private long endOfPauses(long now) {
        long next = Long.MAX_VALUE;
        for (App app : apps) {
            if (app.bound && from(app) > now && app.uplinks().waits()) {
                next = Math.min(next, from(app));
            }
        }
        return next;
    }

    void onReply(Connection connection, UplinkReply reply) {
        Sent waiting = connection == by ? sent.remove(reply.getReqId()) : null;
        Sent one = waiting != null || connection != by ? waiting : late.remove(reply.getReqId());
        if (one == null) {
            return;
        }
        sentBytes -= waiting == null ? 0 : one.bytes;
        connection.wasRead(one.mark);
        if (reply.getCode() == Code.OK) {
            one.app.uplinks().failures = 0;
            one.app.uplinks().durable(one.seq);
        } else if (Refusal.isForGood(reply.getCode())) {
            one.app.uplinks().refused(one.seq, reply.getCode(), Code.name(reply.getCode()) + " " + reply.getText());
        } else if (waiting != null) {
            failed(one, reply.getRetryAfterMs());
        }
        look();
    }

    /** What a product says to a request; one that nobody waits for any more, or that came before, is dropped. */
    void onAnswer(Connection connection, Reply reply) {
        for (App app : apps) {
            if (app.endpointId() == reply.getEndpointId()) {
                parts.traffic.in(app.appId(), reply, connection.isLodged());
                app.uplinks().answered(reply);
            }
        }
    }

    /** Something was refused; it may have been an UPLINK. */
    void onError(Connection connection, ErrorFrame error) {
        if (connection != by || error.getFrameType() != FrameType.UPLINK) {
            return;
        }
        if (error.getFatal()) {
            // The next connection would end in the same way.
            unsupportedUntil = parts.now() + Refusal.FINAL_MILLIS;
        } else {
            onReply(connection, UplinkReply.newBuilder().setReqId(error.getRef()).setCode(error.getCode())
                    .setText(error.getText()).setRetryAfterMs(error.getRetryAfterMs()).build());
        }
    }

    /** The connection is over; what it carried goes again by the next. */
    void onClosed(Connection connection) {
        if (connection == by) {
            by = null;
            giveUpAll();
            look();
        }
    }

    private void giveUpAll() {
        sent.clear();
        late.clear();
        sentBytes = 0;
        for (App app : apps) {
            app.uplinks().giveUp();
        }
    }

    // Eight that are refused together are one failure.
    private void failed(Sent one, long retryAfterMillis) {
        AppUplinks of = one.app.uplinks();
        of.giveUp(one.seq);
        long now = parts.now();
        long told = Math.min(ReconnectPolicy.RETRY_AFTER_MAX_MILLIS, Math.max(0, retryAfterMillis));
        long asked = told == 0 ? 0 : told + uniform(Math.max(SPREAD_MIN_MILLIS, told / SPREAD_SHARE));
        if (now >= of.notBefore) {
            long own = Math.min(PAUSE_MAX_MILLIS, PAUSE_MILLIS << Math.min(DOUBLINGS, of.failures++));
            of.notBefore = now + Math.max(own / 2 + uniform(own / 2), asked);
        } else {
            of.notBefore = Math.max(of.notBefore, now + asked);
        }
    }

    private long uniform(long below) {
        return (long) (random.nextDouble() * below);
    }
}
