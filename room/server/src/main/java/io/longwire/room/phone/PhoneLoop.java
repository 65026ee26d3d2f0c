package io.longwire.room.phone;

import io.longwire.device.AckReader;
import io.longwire.device.Code;
import io.longwire.device.FrameBody;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.Ready;
import io.longwire.device.v1.Telemetry;
import io.longwire.device.v1.Unbind;
import io.longwire.device.v1.Uplink;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.ack.Acks;
import io.longwire.room.broadcast.LoopBroadcasts;
import io.longwire.room.control.Controls;
import io.longwire.room.control.Probes;
import io.longwire.room.drain.Farewell;
import io.longwire.room.end.EndOutbox;
import io.longwire.room.end.UnsealedEnds;
import io.longwire.room.fetch.Fetcher;
import io.longwire.room.fetch.StillHere;
import io.longwire.room.login.Binder;
import io.longwire.room.login.Binds;
import io.longwire.room.login.Deliveries;
import io.longwire.room.login.Logins;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.profile.Profiles;
import io.longwire.room.push.Delivery;
import io.longwire.room.resume.Claims;
import io.longwire.room.resume.Parking;
import io.longwire.room.session.CloseReason;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Inbound;
import io.longwire.room.session.Link;
import io.longwire.room.session.Loop;
import io.longwire.room.traffic.TrafficReports;
import io.longwire.room.uplink.Uplinks;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logic of one loop: frames come in here and go to the feature they belong to, and once a tick (50 ms) everything
 * that waits for time gets its turn. Belongs to the loop's thread. A bug in handling one connection's bytes closes
 * that connection and nothing else.
 */
public final class PhoneLoop implements Inbound, FrameReader.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(PhoneLoop.class);
    private static final int UNREAD_BYTES = 128 * 1024;

    private final Loop loop;
    private final EndOutbox outbox;
    private final LoopBroadcasts broadcasts;
    private final Delivery delivery;
    private final Fetcher fetcher;
    private final StillHere stillHere;
    private final Acks acks;
    private final Parking parking;
    private final Claims claims;
    private final Binder binder;
    private final Logins logins;
    private final Binds binds;
    private final Probes probes;
    private final Controls controls;
    private final Profiles profiles;
    private final Uplinks uplinks;
    private final TrafficReports traffic;
    private final Farewell farewell;
    private final Heartbeats heartbeats;
    private final Deadlines deadlines;
    private final AckReader ack = new AckReader();
    private final int framesPerSecond;
    private final Counter skipped;
    private final Counter bugs;
    private @Nullable Connection current; // whose bytes are being read

    PhoneLoop(Loop loop, LoopParts parts, Claims[] peers) {
        Metrics metrics = parts.metrics();
        LoopLimits limits = parts.limits();
        this.loop = loop;
        this.broadcasts = new LoopBroadcasts(loop, parts.broadcasts(), peers.length, metrics);
        this.outbox = new EndOutbox(loop, parts.ends(), limits.ends(), metrics);
        this.delivery = new Delivery(loop, outbox,
                new UnsealedEnds(loop, outbox, parts.peers()::incarnation, metrics), parts.halts(), metrics);
        this.fetcher = new Fetcher(loop, parts.inbox(), delivery, outbox, limits.fetchRetriesPerSecond(), parts.halts(),
                metrics);
        this.stillHere = new StillHere(loop, parts.inbox());
        this.acks = new Acks(loop, outbox, fetcher, broadcasts, parts.peers()::incarnation, metrics);
        this.parking = new Parking(loop, acks, broadcasts, parts.desk().directory(), limits.parked(), this::releaseHome,
                metrics);
        this.claims = new Claims(loop, parking, parts.desk().tokens(), peers);
        this.binder = new Binder(loop, parts.desk().directory(), parts.peers(), fetcher, parking, parts.halts(),
                metrics);
        var deliveries = new Deliveries(fetcher, broadcasts);
        this.logins = new Logins(loop, parts.desk(), binder, claims, parking, deliveries, metrics);
        this.binds = new Binds(loop, parts.desk(), binder, parking, deliveries, metrics);
        this.probes = new Probes(loop);
        this.controls = new Controls(loop, binder::overrule, fetcher, parking, probes);
        this.profiles = new Profiles(loop, parts.profiles(), metrics);
        this.uplinks = new Uplinks(loop, parts.uplinks(), limits.uplinks(), metrics);
        this.traffic = new TrafficReports(metrics);
        this.farewell = new Farewell(loop, parts.alternates());
        this.heartbeats = new Heartbeats(loop, acks, parts.desk().welcome());
        this.deadlines = new Deadlines(loop, acks, fetcher, parking, metrics);
        this.framesPerSecond = limits.framesPerSecond();
        this.skipped = metrics.counter(RoomMetric.FRAMES_SKIPPED);
        this.bugs = metrics.counter(RoomMetric.LOOP_BUGS);
        loop.beforeFlush(fetcher::send);
    }

    private void releaseHome(long home, long handle) {
        claims.release(home, handle);
    }

    public Loop loop() {
        return loop;
    }

    /** A message from another part; null if its handle names no connection. */
    public PushResult.Code push(@Nullable Connection connection, PushItem item) {
        return delivery.push(connection, item);
    }

    /** Broadcasts on this loop. */
    public LoopBroadcasts broadcasts() {
        return broadcasts;
    }

    Fetcher fetcher() {
        return fetcher;
    }

    Binder binder() {
        return binder;
    }

    Controls controls() {
        return controls;
    }

    Claims claims() {
        return claims;
    }

    Farewell farewell() {
        return farewell;
    }

    EndOutbox outbox() {
        return outbox;
    }

    Uplinks uplinks() {
        return uplinks;
    }

    Parking parking() {
        return parking;
    }

    /** Called every 50 ms. */
    public void tick() {
        try {
            loop.tick(deadlines::onDue);
            binder.onTick();
            probes.onTick();
            farewell.onTick();
            outbox.flush();
            broadcasts.onTick();
            stillHere.onTick();
            uplinks.onTick();
        } catch (RuntimeException | AssertionError bug) {
            bugs.increment();
            LOG.error("a tick of a room loop failed; the loop goes on", bug);
        }
        loop.endOfBatch();
    }

    @Override
    public Connection onOpen(Link link, boolean shed) {
        assert loop.here();
        loop.sample();
        Connection connection = new Connection(link);
        if (shed) {
            connection.mark(Connection.SHED);
        }
        loop.table().add(connection);
        deadlines.onOpen(connection);
        return connection;
    }

    @Override
    public int onBytes(Connection connection, ByteBuffer buffer, int from, int to) {
        assert loop.here();
        if (connection.link() == null) {
            return to;
        }
        connection.receivedTick(loop.sample());
        if (connection.marked(Connection.PROBED)) {
            probes.onSign(connection);
        }
        current = connection;
        try {
            int frames = connection.reader().onBytes(buffer, from, to, this);
            if (connection.countFrames(frames, loop.now()) > framesPerSecond) {
                throw new ProtocolError(Code.RATE,
                        "frames: more a second (expected: at most " + framesPerSecond + ")");
            }
            watchPartial(connection);
            if (connection.marked(Connection.HOLDS)) {
                fetcher.onHeard(connection);
                broadcasts.onHeard(connection);
            }
            if (!connection.writable()) {
                boundUnread(connection);
            }
        } catch (ProtocolError broken) {
            fail(connection, broken);
        } catch (RuntimeException | AssertionError bug) {
            bugs.increment();
            LOG.error("bytes of a phone could not be handled; its connection is closed", bug);
            parking.close(connection, CloseReason.BUG);
        } finally {
            current = null;
        }
        return to;
    }

    @Override
    public void onWritable(Connection connection) {
        loop.sample();
        if (connection.phase() == Connection.LIVE) {
            fetcher.pumpAll(connection);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        loop.sample();
        parking.dropped(connection, CloseReason.PEER);
    }

    @Override
    public void endOfBatch() {
        loop.endOfBatch();
    }

    @Override
    public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
        Connection connection = Objects.requireNonNull(current);
        switch (type) {
            case FrameType.PING -> heartbeats.onPing(connection, buffer, from, to);
            case FrameType.ACK -> onAck(connection, buffer, from, to);
            case FrameType.CONNECT ->
                logins.onConnect(connection, FrameBody.parse(Connect.parser(), buffer, from, to));
            case FrameType.BIND -> binds.onBind(connection, FrameBody.parse(Bind.parser(), buffer, from, to));
            case FrameType.UNBIND -> binds.onUnbind(connection, FrameBody.parse(Unbind.parser(), buffer, from, to));
            case FrameType.READY -> binds.onReady(connection, FrameBody.parse(Ready.parser(), buffer, from, to));
            case FrameType.PROFILE ->
                profiles.onProfile(connection, FrameBody.parse(Profile.parser(), buffer, from, to));
            case FrameType.UPLINK ->
                uplinks.onUplink(connection, FrameBody.parse(Uplink.parser(), buffer, from, to));
            case FrameType.TELEMETRY ->
                traffic.onTelemetry(connection, FrameBody.parse(Telemetry.parser(), buffer, from, to));
            case FrameType.ERROR -> onError(connection, FrameBody.parse(ErrorFrame.parser(), buffer, from, to));
            default -> {
                // PONG: being bytes is all it is for
            }
        }
        return connection.link() != null;
    }

    @Override
    public void onSkipped(int type) {
        skipped.increment();
    }

    private void onAck(Connection connection, ByteBuffer buffer, int from, int to) throws ProtocolError {
        ack.read(buffer, from, to);
        if (!acks.onAck(connection, ack)) {
            loop.out().frame(connection, FrameType.ERROR, ErrorFrame.newBuilder().setCode(Code.NOT_BOUND)
                    .setFrameType(FrameType.ACK).setText("endpoint_id: (expected: one bound to this connection)")
                    .build());
        }
    }

    private void onError(Connection connection, ErrorFrame error) {
        if (error.getFatal()) {
            parking.close(connection, CloseReason.PEER);
        }
    }

    private void watchPartial(Connection connection) {
        if (!connection.reader().hasPartial()) {
            connection.unmark(Connection.PARTIAL);
        } else if (connection.phase() == Connection.LIVE && !connection.marked(Connection.PARTIAL)) {
            connection.mark(Connection.PARTIAL);
            deadlines.onPartial(connection);
        }
    }

    /** Pushes stop when the link is full; answers to what a phone asks do not, so they have this bound. */
    private void boundUnread(Connection connection) {
        Link link = connection.link();
        if (link != null && link.pending() > UNREAD_BYTES) {
            parking.close(connection, CloseReason.UNREAD);
        }
    }

    private void fail(Connection connection, ProtocolError broken) {
        loop.out().frame(connection, FrameType.ERROR, ErrorFrame.newBuilder().setCode(broken.code()).setFatal(true)
                .setText(String.valueOf(broken.getMessage())).build());
        parking.close(connection,
                broken.code() == Code.RATE ? CloseReason.RATE : CloseReason.PROTOCOL);
    }
}
