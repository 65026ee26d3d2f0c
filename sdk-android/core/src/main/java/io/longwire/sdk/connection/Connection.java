package io.longwire.sdk.connection;

import com.google.protobuf.MessageLite;
import io.longwire.device.Code;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.ClientState;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Pong;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Ready;
import io.longwire.device.v1.Telemetry;
import io.longwire.device.v1.Unbind;
import io.longwire.device.v1.Uplink;
import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.policy.AckBatcher;
import io.longwire.sdk.policy.Heartbeat;
import io.longwire.sdk.policy.Ladder;
import io.longwire.sdk.policy.Pace;
import io.longwire.sdk.policy.ServerTime;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import io.longwire.sdk.transport.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One socket to a room, from CONNECT to its end: cuts and checks frames, keeps the heartbeat, batches the acks. It
 * decides nothing about other connections; that is the phone's. A peer that breaks the protocol gets an ERROR and the
 * socket is closed; nothing a peer sends throws out of here. Belongs to the loop.
 */
public final class Connection implements Wire.Listener {
    private static final long LINGER_MILLIS = 1_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final Loop loop;
    private final Address address;
    private final Dialer.OpenWire wire;
    private final ServerTime serverTime;
    private final ConnectionEvents events;
    private final Heartbeat heartbeat;
    private final Pace pace;
    private final AckBatcher acks = new AckBatcher();
    private final FrameReader reader = FrameReader.ofPhone();
    private final Frames frames = new Frames(this);
    private final HalfFrame half;

    private boolean reporting;
    private int echo; // the number of the last ping that has one
    private int reported; // of the last one that was answered, when none came after it
    private int proof; // of the ping whose answer says that the link lives; 0 = none is awaited
    private boolean proved;
    private int features; // in use
    private boolean connected;
    private boolean closed;
    private boolean silenced; // ended by the network or the peer, without a word
    private boolean overdue;
    private long proposedSeconds; // told last
    private long toldMillis; // the interval that the owner knows
    private long connectAckBy = NEVER;
    private long timerAt = NEVER;
    private boolean timerAwaits;
    private Loop.@Nullable Timer timer;

    /** On a network nothing is known of. */
    public Connection(Loop loop, Address address, Dialer.OpenWire wire, ServerTime serverTime, long pingTimeoutMillis,
            ConnectionEvents events) {
        this(loop, address, wire, serverTime, new Heartbeat(new Ladder(new Random()), Pace.FAST, pingTimeoutMillis,
                loop.clock().elapsedMillis()), Pace.FAST, events);
    }

    /**
     * On a network as it was learned.
     *
     * @param heartbeat of this connection alone
     */
    public Connection(Loop loop, Address address, Dialer.OpenWire wire, ServerTime serverTime, Heartbeat heartbeat,
            Pace pace, ConnectionEvents events) {
        this.loop = loop;
        this.address = address;
        this.wire = wire;
        this.serverTime = serverTime;
        this.events = events;
        this.heartbeat = heartbeat;
        this.pace = pace;
        half = new HalfFrame(pace);
    }

    /** Sends preface and CONNECT, and starts to listen. Once, first. */
    public void connect(Connect connect) {
        byte[] first = new byte[1 + FrameWriter.frameSize(connect)];
        first[0] = Limits.PREFACE;
        FrameWriter.frame(FrameType.CONNECT, connect, first, 1);
        connectAckBy = now() + pace.connectAckMillis();
        proposedSeconds = connect.getHbProposedS();
        wire.start(this);
        write(first);
    }

    /** Binds more endpoints. */
    public void bind(Bind bind) {
        send(FrameType.BIND, bind);
        expectAnswer();
    }

    /** Gives endpoints back. */
    public void unbind(List<Long> endpointIds, int reason) {
        flushAcks(); // the room forgets the window with the endpoint
        send(FrameType.UNBIND, Unbind.newBuilder().addAllEndpointIds(endpointIds).setReason(reason).build());
    }

    /** Says that deferred endpoints take messages again; what was answered goes before it. */
    public void ready(List<Long> endpointIds) {
        flushAcks();
        send(FrameType.READY, Ready.newBuilder().addAllEndpointIds(endpointIds).build());
    }

    /** What became of a push of this connection, or of an earlier one (without seq). */
    public void answer(AckBatcher.Answer answer, boolean urgent) {
        acks.answer(answer, urgent, now());
        schedule();
    }

    /**
     * What an app says became of a message after its ack. It goes with the next ACK; a ping behind it tells, by
     * {@link ConnectionEvents#onReported}, when the room has it.
     *
     * @return the number of that ping, for {@link #isReported}
     */
    public int report(AckBatcher.Answer report) {
        reporting = true;
        answer(report, false);
        return echo + 1;
    }

    /** Whether a ping of this number, or a later one, was answered. */
    public boolean isReported(int ping) {
        return reported - ping >= 0;
    }

    /** Says what an app wants of its profile. */
    public void profile(Profile profile) {
        send(FrameType.PROFILE, profile);
        expectAnswer();
    }

    /** Sends what an app has for its product. */
    public void uplink(Uplink uplink) {
        send(FrameType.UPLINK, uplink);
        expectAnswer();
    }

    /** Bytes that were sent so far: the mark of the last frame. */
    public long written() {
        return heartbeat.backlog().written();
    }

    /** When the last frame should be answered; what is ahead of it on the wire has to leave first. */
    public long replyBy() {
        return heartbeat.backlog().goneAt(now()) + pace.replyMillis();
    }

    /** An answer came to the frame of this mark: so the room has read all until there. */
    public void wasRead(long mark) {
        heartbeat.backlog().read(mark, now());
    }

    /** Something was not answered in its time: pings, which also finds a dead connection. */
    public void doubt() {
        heartbeat.doubt(now());
        schedule();
    }

    /** Says what the phone has counted; nothing answers it. */
    public void telemetry(Telemetry telemetry) {
        send(FrameType.TELEMETRY, telemetry);
    }

    /** Answers that were not sent, or may not have arrived; for the next connection, once this one is closed. */
    public List<AckBatcher.Answer> leftovers() {
        return acks.leftovers();
    }

    /** Whether the user looks now: a ping finds a dead connection at once then. */
    public void foreground(boolean looks) {
        heartbeat.foreground(looks, now());
        if (looks) {
            heartbeat.ask(now());
        }
        tellInterval();
        schedule();
    }

    /** The process slept, or may have: pings unless bytes just came. */
    public void woke() {
        heartbeat.woke(now());
        schedule();
    }

    /**
     * Tells what the phone is doing now, by a ping at once, which also finds a dead connection.
     *
     * @param capability how well it can be woken, as in CONNECT; 0 = unchanged
     */
    public void tell(ClientState state, int capability) {
        if (isConnected()) {
            heartbeat.pinged(now());
            ping(Ping.newBuilder().setState(state).setCapability(capability));
        }
    }

    /**
     * Once this is closed: the rung of the {@link io.longwire.sdk.policy.Ladder} that was not survived, or
     * {@link io.longwire.sdk.policy.Ladder#NONE} when it ended for another reason.
     */
    public int failedRung() {
        return silenced ? heartbeat.failedRung() : Ladder.NONE;
    }

    /** Once this is closed: whether it was given up because a ping was not answered in time. */
    public boolean isOverdue() {
        return overdue;
    }

    /** How long it may be silent now. */
    public long intervalMillis() {
        return heartbeat.intervalMillis();
    }

    /** Sends what was answered, then closes; {@link ConnectionEvents#onClosed} tells when. */
    public void leave(String reason) {
        if (!closed) {
            flushAcks();
            closeAfter(LINGER_MILLIS, reason);
        }
    }

    /** Closes at once. */
    public void close(String reason) {
        closeAfter(0, reason);
    }

    public Address address() {
        return address;
    }

    /** Whether it goes through another app's connection. */
    public boolean isLodged() { return wire.host() != 0; }

    /** Whether it goes through an app that must not read what comes. */
    public boolean isSealedOnly() {
        return wire.sealedOnly();
    }

    public boolean isClosed() { return closed; }

    /** Whether CONNECT was accepted, and the connection is not closed. */
    public boolean isConnected() {
        return connected && !closed;
    }

    /** Whether both sides have this {@link io.longwire.device.Feature}. */
    public boolean has(int feature) {
        return (features & feature) != 0;
    }

    public long srttMillis() {
        return heartbeat.srttMillis();
    }

    @Override
    public void onBytes(byte[] bytes, int length) {
        if (closed) {
            return;
        }
        long now = now();
        boolean answered = heartbeat.received(now);
        proved = isLodged(); // a host in another process says itself when its connection ends
        try {
            half.read(reader, reader.onBytes(ByteBuffer.wrap(bytes), 0, length, frames) > 0, now);
        } catch (ProtocolError broken) {
            send(FrameType.ERROR, ErrorFrame.newBuilder().setCode(broken.code()).setFatal(true)
                    .setText(String.valueOf(broken.getMessage())).build());
            closeAfter(LINGER_MILLIS, "protocol: " + broken.getMessage());
            return;
        } catch (RuntimeException bug) {
            events.onBug(this, bug);
            close("bug: " + bug);
            return;
        }
        if (closed) {
            return;
        }
        answered |= proved && heartbeat.proved(now);
        if (answered) {
            events.onAlive(this);
        }
        tellInterval();
        schedule();
    }

    private void tellInterval() {
        long now = heartbeat.intervalMillis();
        if (isConnected() && now != toldMillis) {
            toldMillis = now;
            events.onInterval(this, now);
        }
    }

    @Override
    public void onClosed(String reason) {
        if (!closed) { // else a wire that was closed here says so
            silenced = true;
            closeAfter(0, reason);
        }
    }

    // ConnectAck, Push, Ping and Pong are handled here, because they change this connection; the rest passes through.

    void onConnectAck(ConnectAck ack) throws ProtocolError {
        if (connected) {
            throw new ProtocolError(Code.PROTOCOL, "CONNECT_ACK: a second one (expected: one, first)");
        }
        serverTime.told(ack.getServerTimeMs());
        connectAckBy = NEVER;
        wasRead(written());
        connected = ack.getCode() == Code.OK;
        features = ack.getFeatures();
        events.onConnectAck(this, ack);
        heartbeat.hints(ack.getHbMinS() & 0xFFFFFFFFL, ack.getHbMaxS() & 0xFFFFFFFFL, ack.getHbHintS() & 0xFFFFFFFFL,
                ack.getServerIdleS() & 0xFFFFFFFFL, now()); // after the owner, who may have learned from it
        if (!connected) {
            close("refused: " + Code.name(ack.getCode()) + " " + ack.getText());
        }
    }

    void onPush(Push push) throws ProtocolError {
        if (push.getSeq() != 0 && !acks.received(push.getSeq())) {
            throw new ProtocolError(Code.PROTOCOL, "seq: " + push.getSeq() + " (expected: the one after the last)");
        }
        events.onPush(this, push);
    }

    void onPing(Ping ping) {
        send(FrameType.PONG, Pong.newBuilder().setEcho(ping.getEcho()).build());
    }

    void onPong(Pong pong) {
        serverTime.told(pong.getServerTimeMs());
        acks.ponged();
        heartbeat.next(pong.getNextS() & 0xFFFFFFFFL, now());
        if (pong.getEcho() != 0 && pong.getEcho() == echo) {
            reported = echo;
            events.onReported(this);
        }
        if (proof != 0 && pong.getEcho() - proof >= 0) {
            proof = 0;
            proved = true;
        }
    }

    ConnectionEvents events() {
        return events;
    }

    private void flushAcks() {
        Ack ack = acks.take();
        if (ack != null && !closed) {
            send(FrameType.ACK, ack);
            if (reporting) {
                reporting = false;
                ping(Ping.newBuilder().setEcho(++echo));
            }
        }
    }

    private void prove() {
        if (connected) {
            flushAcks();
            proof = ++echo;
            ping(Ping.newBuilder().setEcho(echo));
        } else {
            heartbeat.proved(now()); // whether CONNECT is answered has a deadline of its own
        }
    }

    // Usually empty: what the room shall expect is said when it changes.
    private void ping(Ping.Builder ping) {
        acks.pinged();
        long propose = heartbeat.proposedSeconds(now());
        if (propose != proposedSeconds && propose != 0) {
            proposedSeconds = propose;
            ping.setProposedS((int) propose);
            heartbeat.proposed(propose, now());
        }
        send(FrameType.PING, ping.build());
    }

    private void expectAnswer() {
        heartbeat.expects(now());
        schedule();
    }

    private void send(int type, MessageLite body) {
        write(FrameWriter.frame(type, body));
    }

    private void write(byte[] bytes) {
        if (closed) {
            return;
        }
        if (!wire.send(bytes)) {
            close("the room does not read");
            return;
        }
        heartbeat.sent(bytes.length, now());
        schedule();
    }

    private void closeAfter(long lingerMillis, String reason) {
        if (closed) {
            return;
        }
        closed = true;
        reader.close();
        cancel(timer);
        wire.close(lingerMillis);
        events.onClosed(this, reason);
    }

    // One timer for all that is due; it is moved only forward in urgency, a late truth is found when it fires. While an
    // answer is awaited it keeps the phone awake, and so it is set anew when that begins and when it ends.
    private void schedule() {
        long due = Math.min(Math.min(acks.dueAt(), heartbeat.dueAt()), Math.min(connectAckBy, half.dueAt()));
        boolean awaits = connectAckBy != NEVER || heartbeat.isAwaiting();
        if (closed || (due >= timerAt && awaits == timerAwaits)) {
            return;
        }
        Loop.Timer old = timer;
        long left = Math.max(0, due - now());
        timerAt = due;
        timerAwaits = awaits;
        timer = awaits ? loop.await(left, this::onTimer) : loop.after(left, this::onTimer);
        cancel(old);
    }

    private static void cancel(Loop.@Nullable Timer set) {
        if (set != null) {
            set.cancel();
        }
    }

    private void onTimer() {
        timerAt = NEVER;
        timer = null;
        long now = now();
        if (now >= acks.dueAt()) {
            flushAcks();
        }
        if (now >= connectAckBy) {
            close("no CONNECT_ACK in " + pace.connectAckMillis() + " ms");
        } else if (now >= half.dueAt()) {
            close("half a frame for " + half.ageMillis(now) + " ms");
        } else {
            beat(heartbeat.check(now));
        }
        schedule();
    }

    private void beat(Heartbeat.Verdict verdict) {
        if (verdict == Heartbeat.Verdict.DEAD) {
            silenced = true;
            overdue = true;
            close("no answer to a ping in " + heartbeat.timeoutMillis() + " ms");
        } else if (verdict == Heartbeat.Verdict.PING && connected) {
            flushAcks();
            ping(Ping.newBuilder());
        } else if (verdict == Heartbeat.Verdict.PROVE) {
            prove();
        } else if (verdict == Heartbeat.Verdict.DOUBT && connected) {
            events.onDoubt(this);
        }
    }

    private long now() {
        return loop.clock().elapsedMillis();
    }
}
