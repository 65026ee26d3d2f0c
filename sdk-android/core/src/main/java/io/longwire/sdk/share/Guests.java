package io.longwire.sdk.share;

import io.longwire.device.Code;
import io.longwire.device.Limits;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.Kick;
import io.longwire.device.v1.ProfileAck;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.connection.ConnectionEvents;
import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.policy.AckBatcher;
import io.longwire.sdk.policy.ServerTime;
import io.longwire.sdk.policy.Traffic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The guests of this app's connection: a small room. Each guest speaks the device protocol over its pipe; what it says
 * goes on under numbers of this side's own, and what the room says of its endpoint goes back to it. The host's own
 * business passes by untouched.
 *
 * <p>A guest's message is acked when the guest has said so, hence has stored it. A guest whose process is gone keeps
 * its place on the connection: what comes for it is DEFERRED, stays on the server, and comes when it is back. A line
 * that ends is unbound at the room; what is on its way for it then, or for a guest whose BIND was answered too late, is
 * DEFERRED, too: only the guest itself may say that a message of its will never be shown. When the connection ends all
 * pipes do, and the guests come again, with new delegations; nothing of theirs is kept here.
 *
 * <p>At most {@link #GUESTS_MAX} guests; one that does not read has its pipe closed. Belongs to the loop.
 */
public final class Guests {
    /** The host's own endpoint, and these. */
    public static final int GUESTS_MAX = Limits.CONNECTION_ENDPOINTS - 1;
    /** Numbers from here on are guests' requests; the host's own count from 1. */
    private static final int FIRST_REQUEST = 0x4000_0000;
    private static final int REASON_REMOVED = 1;

    private final ServerTime time;
    private final Traffic traffic;
    private final List<GuestLine> lines = new ArrayList<>();
    private final Map<Long, Asked> asked = new HashMap<>();
    private final Map<Long, Bound> bound = new HashMap<>(); // at the room, by guests' endpoints
    private final Theirs theirs = new Theirs();
    private @Nullable Connection current;
    private volatile long serving; // the host's own endpoint; 0 = offline
    private int lastRequest = FIRST_REQUEST;

    /** A request of a guest that waits for the room's answer. */
    private static final class Asked {
        final GuestLine line;
        final long number;
        final @Nullable Connection bind; // where a BIND went: its answer counts after the line's end, too

        Asked(GuestLine line, long number, @Nullable Connection bind) {
            this.line = line;
            this.number = number;
            this.bind = bind;
        }
    }

    /** An endpoint that the room has bound for a guest. */
    private static final class Bound {
        final int appId;
        final Connection connection;

        Bound(int appId, Connection connection) {
            this.appId = appId;
            this.connection = connection;
        }
    }

    /** Endpoints that were guests' once, the latest: true = deferred, and neither READY nor a BIND came after it. */
    private static final class Theirs extends LinkedHashMap<Long, Boolean> {
        private static final long serialVersionUID = 1;
        private static final int MAX = 1_024;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > MAX;
        }
    }

    /** @param traffic counts what the guests get and send */
    public Guests(Loop loop, Traffic traffic) {
        this.time = new ServerTime(loop.clock());
        this.traffic = traffic;
    }

    /** Takes the guests that are bound. */
    public interface Visitor {
        void guest(int appId, long endpointId);
    }

    /** Those that are bound now. */
    public void forEach(Visitor visitor) {
        for (GuestLine one : lines) {
            if (one.endpointId() != 0) {
                visitor.guest(one.appId(), one.endpointId());
            }
        }
    }

    /** Hears of a connection before its owner does, and takes what is for guests. */
    public ConnectionEvents around(ConnectionEvents own) {
        return new Around(own);
    }

    /** The endpoint that guests delegate to; 0 = there is no connection now. Any thread. */
    public long hostEndpoint() {
        return serving;
    }

    public boolean isOnline() {
        Connection connection = current;
        return connection != null && connection.isConnected();
    }

    /** How many guests have a place now, those whose process is gone included. */
    public int count() {
        return lines.size();
    }

    /**
     * A guest comes: whoever calls has seen who it is.
     *
     * @param appId the app that its package stands for: no other's endpoint is bound for it
     * @param pipe to it
     * @return its line, to which what it sends is to be given; null when there is no connection, or no place
     */
    public @Nullable GuestLine admit(int appId, Pipe pipe) {
        for (GuestLine one : new ArrayList<>(lines)) {
            if (one.appId() == appId) {
                one.end("replaced by the same app"); // an earlier process of it
            }
        }
        if (!isOnline() || lines.size() >= GUESTS_MAX) {
            return null;
        }
        GuestLine line = new GuestLine(this, appId, pipe);
        lines.add(line);
        return line;
    }

    /** The guest's app was removed, or does not belong to the group any more: its place is given back. */
    public void expel(int appId) {
        for (GuestLine one : new ArrayList<>(lines)) {
            if (one.appId() == appId) {
                one.end("left", REASON_REMOVED);
            }
        }
    }

    /** Ends all pipes, and gives the guests' endpoints back: the connection goes to another host. */
    public void closeAll(String reason) {
        for (GuestLine one : new ArrayList<>(lines)) {
            one.end(reason);
        }
    }

    ServerTime time() {
        return time;
    }

    Traffic traffic() {
        return traffic;
    }

    /** The live connection; null = there is none. */
    @Nullable
    Connection connection() {
        return isOnline() ? current : null;
    }

    /** The line has ended: its endpoint is given back, unless the app has another line already. */
    void forget(GuestLine line, int reason) {
        lines.remove(line);
        for (Iterator<Asked> all = asked.values().iterator(); all.hasNext();) {
            Asked one = all.next();
            if (one.line == line && one.bind == null) {
                all.remove();
            }
        }
        unbind(line.appId(), reason);
    }

    void bind(GuestLine line, EndpointBinding binding) {
        Connection connection = connection();
        if (connection == null) {
            line.end("no connection");
            return;
        }
        int request = number(new Asked(line, 0, connection));
        connection.bind(Bind.newBuilder().setReqId(request).addBindings(binding).build());
    }

    private void unbind(int appId, int reason) {
        for (GuestLine one : lines) {
            if (one.appId() == appId) {
                return;
            }
        }
        for (Map.Entry<Long, Bound> one : new ArrayList<>(bound.entrySet())) {
            if (one.getValue().appId == appId) {
                bound.remove(one.getKey());
                if (!one.getValue().connection.isClosed()) {
                    one.getValue().connection.unbind(Collections.singletonList(one.getKey()), reason);
                }
            }
        }
    }

    /** A message of this endpoint was answered so: after DEFERRED the room gives no more of them until READY. */
    void answered(long endpointId, AckStatus status) {
        if (status == AckStatus.ACK_DEFERRED && endpointId != 0) {
            theirs.put(endpointId, true);
        }
    }

    /** The guest takes messages again. */
    void ready(long endpointId) {
        Connection connection = connection();
        if (connection != null) {
            theirs.put(endpointId, false);
            connection.ready(Collections.singletonList(endpointId));
        }
    }

    /** How many requests of a guest wait for an answer. */
    int open(GuestLine line) {
        int open = 0;
        for (Asked one : asked.values()) {
            open += one.line == line ? 1 : 0;
        }
        return open;
    }

    /** Another number for a request of a guest. */
    int number(GuestLine line, long number) {
        return number(new Asked(line, number, null));
    }

    private int number(Asked one) {
        lastRequest = lastRequest == Integer.MAX_VALUE ? FIRST_REQUEST : lastRequest + 1;
        asked.put((long) lastRequest, one);
        return lastRequest;
    }

    private @Nullable GuestLine of(long endpointId) {
        for (GuestLine one : lines) {
            if (endpointId != 0 && one.endpointId() == endpointId) {
                return one;
            }
        }
        return null;
    }

    private @Nullable GuestLine of(Push push) {
        if (push.getEndpointId() != 0) {
            return of(push.getEndpointId());
        }
        for (GuestLine one : lines) {
            if (one.appId() == push.getAppId() && one.endpointId() != 0) {
                return one;
            }
        }
        return null;
    }

    private final class Around implements ConnectionEvents {
        private final ConnectionEvents own;

        Around(ConnectionEvents own) {
            this.own = own;
        }

        @Override
        public void onConnectAck(Connection connection, ConnectAck ack) {
            if (ack.getCode() == Code.OK && ack.getResultsCount() > 0) {
                closeAll("the connection was made anew");
                current = connection;
                serving = ack.getResults(0).getEndpointId();
                time.told(ack.getServerTimeMs());
            }
            own.onConnectAck(connection, ack);
        }

        @Override
        public void onPush(Connection connection, Push push) {
            GuestLine line = of(push);
            if (line != null) {
                traffic.in(line.appId(), push, false);
                if (!line.push(connection, push)) {
                    defer(line.endpointId(), connection, push);
                }
            } else if (theirs.containsKey(push.getEndpointId())) {
                defer(push.getEndpointId(), connection, push);
            } else {
                own.onPush(connection, push);
            }
        }

        private void defer(long endpointId, Connection connection, Push push) {
            if (push.getSeq() != 0 || push.getBcastSeq() != 0) {
                connection.answer(new AckBatcher.Answer(endpointId, push.getMessageId(), push.getSeq(),
                        push.getBcastSeq(), AckStatus.ACK_DEFERRED), false);
                answered(endpointId, AckStatus.ACK_DEFERRED);
            }
        }

        @Override
        public void onBindAck(Connection connection, BindAck ack) {
            Asked one = asked.remove(ack.getReqId() & 0xFFFFFFFFL);
            if (one != null) {
                onBound(connection, one.line, ack.getResultsCount() == 0
                        ? BindResult.newBuilder().setCode(Code.INTERNAL).build()
                        : ack.getResults(0));
                return;
            }
            for (BindResult result : ack.getResultsList()) {
                GuestLine line = of(result.getEndpointId());
                if (line != null) {
                    line.onChanged(result);
                }
            }
            own.onBindAck(connection, ack);
        }

        private void onBound(Connection connection, GuestLine line, BindResult result) {
            long endpoint = result.getCode() == Code.OK ? result.getEndpointId() : 0;
            boolean muted = false;
            if (endpoint != 0 && endpoint != serving) {
                bound.put(endpoint, new Bound(line.appId(), connection));
                muted = Boolean.TRUE.equals(theirs.put(endpoint, false));
            }
            if (line.isEnded()) {
                unbind(line.appId(), GuestLine.REASON_LEFT);
                return;
            }
            line.onBound(result);
            if (muted && !connection.isClosed()) {
                connection.ready(Collections.singletonList(endpoint)); // a deferral may have gone behind the BIND
            }
        }

        @Override
        public void onProfileAck(Connection connection, ProfileAck ack) {
            Asked one = asked.remove(ack.getReqId() & 0xFFFFFFFFL);
            if (one == null) {
                own.onProfileAck(connection, ack);
            } else {
                one.line.onProfileAck(ack.toBuilder().setReqId((int) one.number).build());
            }
        }

        @Override
        public void onUplinkReply(Connection connection, UplinkReply reply) {
            Asked one = asked.remove(reply.getReqId());
            if (one == null) {
                own.onUplinkReply(connection, reply);
            } else {
                one.line.onUplinkReply(reply.toBuilder().setReqId(one.number).build());
            }
        }

        @Override
        public void onReply(Connection connection, Reply reply) {
            GuestLine line = of(reply.getEndpointId());
            if (line == null) {
                own.onReply(connection, reply);
            } else {
                traffic.in(line.appId(), reply, false);
                line.onReply(reply);
            }
        }

        @Override
        public void onReported(Connection connection) {
            for (GuestLine one : new ArrayList<>(lines)) {
                one.onReported(connection);
            }
            own.onReported(connection);
        }

        @Override
        public void onKick(Connection connection, Kick kick) {
            Kick.Builder rest = kick.toBuilder().clearEndpointIds();
            for (long endpoint : kick.getEndpointIdsList()) {
                GuestLine line = of(endpoint);
                bound.remove(endpoint);
                if (line == null) {
                    rest.addEndpointIds(endpoint);
                } else {
                    line.onKick(kick.toBuilder().clearEndpointIds().addEndpointIds(endpoint).build());
                }
            }
            if (rest.getEndpointIdsCount() > 0 || kick.getEndpointIdsCount() == 0) {
                own.onKick(connection, rest.build());
            }
        }

        @Override
        public void onGoAway(Connection connection, GoAway goAway) {
            own.onGoAway(connection, goAway);
        }

        @Override
        public void onError(Connection connection, ErrorFrame error) {
            Asked one = error.getFatal() ? null : asked.remove(error.getRef());
            if (one == null) {
                own.onError(connection, error);
            } else if (!one.line.isEnded()) {
                one.line.onError(error.toBuilder().setRef(one.number).build());
            }
        }

        @Override
        public void onAlive(Connection connection) {
            own.onAlive(connection);
        }

        @Override
        public void onInterval(Connection connection, long silenceMillis) {
            own.onInterval(connection, silenceMillis);
        }

        @Override
        public void onDoubt(Connection connection) {
            own.onDoubt(connection);
        }

        @Override
        public void onBug(Connection connection, RuntimeException bug) {
            own.onBug(connection, bug);
        }

        @Override
        public void onClosed(Connection connection, String reason) {
            for (Iterator<Asked> all = asked.values().iterator(); all.hasNext();) {
                if (all.next().bind == connection) {
                    all.remove();
                }
            }
            for (Iterator<Bound> all = bound.values().iterator(); all.hasNext();) {
                if (all.next().connection == connection) {
                    all.remove();
                }
            }
            if (connection == current) {
                current = null;
                serving = 0;
                closeAll("the host is offline: " + reason);
            }
            own.onClosed(connection, reason);
        }
    }
}
