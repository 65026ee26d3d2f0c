package io.longwire.bench.device;

import io.longwire.bench.message.PushView;
import io.longwire.bench.message.Stamp;
import io.longwire.device.Code;
import io.longwire.device.FrameBody;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.Kick;
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.policy.Dedupe;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One simulated phone: a socket, its endpoints, and the few numbers the protocol asks of it. It logs in, acks what it
 * gets, answers and sends pings. Owned by its loop, which it tells of every change.
 */
final class Device extends ChannelInboundHandlerAdapter implements FrameReader.Handler {
    /** Where a device stands; it goes round. */
    enum State {
        OFFLINE, CONNECTING, ONLINE
    }

    private final DeviceLoop loop;
    private final int first;
    private final SeenBroadcasts[] seen;
    private @Nullable InetSocketAddress room; // null = the fleet's
    private State state = State.OFFLINE;
    private @Nullable Channel channel;
    private FrameReader reader = FrameReader.ofPhone();
    private long beganNanos;
    private long connSeq;
    private long previousSeq;
    private long seq;
    private long ackedSeq;
    private boolean ackQueued;
    private boolean leaving;
    private @Nullable Dedupe had; // null until messages are to be remembered
    private @Nullable DeviceUplinks uplinks;
    private @Nullable Device before; // the same phone on its old connection, until this one is online
    private boolean moving;

    /** @param first index of its first endpoint */
    Device(DeviceLoop loop, int first) {
        this.loop = loop;
        this.first = first;
        this.seen = new SeenBroadcasts[loop.perConnection()];
        Arrays.setAll(seen, _ -> new SeenBroadcasts());
    }

    // The same phone on another connection: what it knows goes over, what belongs to the connection begins anew.
    private Device(Device old) {
        this.loop = old.loop;
        this.first = old.first;
        this.seen = old.seen;
        this.connSeq = old.connSeq;
        this.had = old.remembered(); // one for both: messages come on the old connection until this one is online
        this.uplinks = old.uplinks;
        this.before = old;
    }

    /** It has one channel at a time, but many in its life. */
    @Override
    public boolean isSharable() { return true; }

    State state() {
        return state;
    }

    int first() {
        return first;
    }

    /** Its number in the fleet. */
    int number() {
        return first / seen.length;
    }

    /** Where it logs in from now on. */
    void room(InetSocketAddress address) {
        room = address;
    }

    @Nullable
    InetSocketAddress room() {
        return room;
    }

    /** The channel is on its way; called before it connects. */
    void began(Channel opened, long nanos) {
        state = State.CONNECTING;
        channel = opened;
        beganNanos = nanos;
        reader = FrameReader.ofPhone();
        seq = 0;
        ackedSeq = 0;
        leaving = false;
        for (SeenBroadcasts one : seen) {
            one.settle(); // what was not acked is in bcast_seen
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!loop.tls()) {
            login(ctx);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof io.netty.handler.ssl.SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            login(ctx);
        }
    }

    private void login(ChannelHandlerContext ctx) {
        previousSeq = connSeq;
        connSeq = Math.max(connSeq + 1, loop.wallMillis());
        ctx.writeAndFlush(loop.frames().connect(first, connSeq, previousSeq, seen), ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var bytes = (ByteBuf) message;
        try {
            ByteBuffer buffer = bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes());
            reader.onBytes(buffer, buffer.position(), buffer.limit(), this);
        } catch (ProtocolError broken) {
            loop.tally().trouble("protocol: " + broken.getMessage());
            ctx.close();
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        long owing = owing();
        if (owing > 0) {
            if (loop.ackAtOnce() || owing >= loop.ackItems()) {
                ack();
            } else if (!ackQueued) {
                ackQueued = true;
                loop.ackLater(this);
            }
        }
        ctx.flush();
    }

    /** Acks what came; {@code due} when the time of the queued ack is over. */
    void ackDue() {
        ackQueued = false;
        Channel open = channel;
        if (owing() > 0 && open != null && state == State.ONLINE) {
            ack();
            open.flush();
        }
    }

    private long owing() {
        long owing = seq - ackedSeq;
        for (SeenBroadcasts one : seen) {
            owing += one.owing();
        }
        return owing;
    }

    private void ack() {
        Channel open = channel;
        if (open == null) {
            return;
        }
        for (int i = 0; i < seen.length; i++) {
            if (seen[i].owing() > 0) {
                loop.tally().acked += seen[i].owing();
                loop.tally().ackFrames++;
                open.write(loop.frames().broadcastAck(loop.endpoint(first + i).id(), seen[i]), open.voidPromise());
                seen[i].settle();
            }
        }
        if (seq > ackedSeq) {
            loop.tally().acked += seq - ackedSeq;
            loop.tally().ackFrames++;
            ackedSeq = seq;
            open.write(loop.frames().ack(seq), open.voidPromise());
        }
    }

    /** Sends a ping, if online. */
    void ping() {
        Channel open = channel;
        if (open != null && state == State.ONLINE) {
            loop.tally().pings++;
            open.writeAndFlush(loop.frames().ping(), open.voidPromise());
        }
    }

    /** Sends an uplink of so many bytes, if online. */
    void uplink(int size) {
        Channel open = channel;
        if (open == null || state != State.ONLINE) {
            return;
        }
        DeviceUplinks own = uplinks == null ? new DeviceUplinks() : uplinks;
        uplinks = own;
        Uplink uplink = own.next(loop.endpoint(first).id(), size, loop.nanos(), loop.wallMillis());
        if (uplink == null) {
            loop.tally().trouble("uplink: as many open as may be");
            return;
        }
        loop.tally().uplinks++;
        open.writeAndFlush(loop.frames().uplink(uplink), open.voidPromise());
    }

    private void uplinkReply(UplinkReply reply) {
        DeviceUplinks own = uplinks;
        if (own != null) {
            own.onReply(reply, loop.nanos(), loop.tally());
        }
    }

    /** Ends the connection: tells the room first, or just drops it as a lost network would. */
    void end(boolean tellRoom) {
        Channel open = channel;
        if (open == null || state == State.OFFLINE) {
            return;
        }
        leaving = true;
        if (tellRoom && state == State.ONLINE) {
            open.writeAndFlush(loop.frames().unbind(first), open.voidPromise());
        } else {
            // A reset leaves no TIME_WAIT behind, which would use the ports up.
            ((EpollSocketChannel) open).config().setSoLinger(0);
            open.close();
        }
    }

    @Override
    public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
        switch (type) {
            case FrameType.PUSH -> push(buffer, from, to);
            case FrameType.PUSH_BATCH -> batch(buffer, from, to);
            case FrameType.PONG -> pong();
            case FrameType.UPLINK_REPLY -> uplinkReply(FrameBody.parse(UplinkReply.parser(), buffer, from, to));
            case FrameType.PING -> write(loop.frames().pong());
            case FrameType.CONNECT_ACK -> connected(FrameBody.parse(ConnectAck.parser(), buffer, from, to));
            case FrameType.KICK -> refused("kick", FrameBody.parse(Kick.parser(), buffer, from, to).getCode());
            case FrameType.GOAWAY -> goAway(FrameBody.parse(GoAway.parser(), buffer, from, to));
            case FrameType.ERROR -> refused("error", FrameBody.parse(ErrorFrame.parser(), buffer, from, to).getCode());
            default -> loop.tally().trouble("frame: " + FrameType.name(type));
        }
        return true;
    }

    @Override
    public void onSkipped(int type) {
        loop.tally().trouble("skipped: " + type);
    }

    private void push(ByteBuffer buffer, int from, int to) {
        var view = loop.view();
        Tally tally = loop.tally();
        if (!view.read(buffer, from, to)) {
            tally.trouble("push: unreadable");
            return;
        }
        tally.pushes++;
        if (view.seq() != 0) {
            seq = view.seq();
        }
        if (view.broadcast() != 0) {
            broadcast(buffer, view);
        } else if (Stamp.is(buffer, view.payloadAt(), view.payloadLength())) {
            long now = loop.nanos();
            tally.lastPushNanos = now;
            tally.push(Stamp.run(buffer, view.payloadAt()), Stamp.number(buffer, view.payloadAt()),
                    now - Stamp.nanos(buffer, view.payloadAt()), number(), shows(view.messageId()));
        } else {
            tally.unstamped++;
        }
    }

    private @Nullable Dedupe remembered() {
        if (had == null && loop.remembers()) {
            had = new Dedupe();
        }
        return had;
    }

    // As the SDK decides it; for ever, since no run lasts longer than an id is kept.
    private boolean shows(long messageId) {
        Dedupe known = remembered();
        if (known == null) {
            return true;
        }
        boolean isNew = !known.contains(messageId);
        known.add(messageId, Long.MAX_VALUE, 0, 0, 0);
        return isNew;
    }

    private void batch(ByteBuffer buffer, int from, int to) {
        int at = from;
        for (int length; (length = loop.view().item(buffer, at, to)) >= 0;) {
            int body = loop.view().at();
            at = body + length;
            push(buffer, body, at);
        }
    }

    private void broadcast(ByteBuffer buffer, PushView view) {
        long now = loop.nanos();
        for (int i = 0; i < seen.length; i++) {
            if (loop.endpoint(first + i).appId() == view.appId()) {
                loop.tally().broadcast(view.broadcast(), seen[i].add(view.broadcast()), now);
                if (Stamp.is(buffer, view.payloadAt(), view.payloadLength())) {
                    loop.tally().took(now - Stamp.nanos(buffer, view.payloadAt()));
                }
                return;
            }
        }
        loop.tally().trouble("broadcast: of an app that is not here");
    }

    private void pong() {
        loop.tally().pongs++;
        if (loop.pingsFlatOut()) {
            loop.tally().pings++;
            write(loop.frames().ping());
        }
    }

    private void connected(ConnectAck ack) {
        if (ack.getCode() != Code.OK) {
            refused("connect", ack.getCode());
            loop.retryAfter(ack.getRetryAfterMs());
            return;
        }
        for (int i = 0; i < Math.min(seen.length, ack.getResultsCount()); i++) {
            BindResult result = ack.getResults(i);
            seen[i].floor(result.getBcastFloor());
            if (result.getCode() != Code.OK) {
                loop.tally().trouble("bind: " + Code.name(result.getCode()));
            }
            connSeq = Math.max(connSeq, result.getConnSeq());
        }
        state = State.ONLINE;
        Tally tally = loop.tally();
        tally.connects++;
        tally.resumed += ack.getResumed() ? 1 : 0;
        tally.login.recordValue(loop.nanos() - beganNanos);
        loop.online(this);
        Device old = before;
        before = null;
        if (old != null) {
            loop.moved(old, this);
            old.leftBehind();
        }
    }

    // As the SDK does: somewhere else first, then away from here.
    private void goAway(GoAway order) {
        if (!loop.roams()) {
            refused("goaway", order.getCode());
        } else if (!moving && state == State.ONLINE) {
            moving = true;
            loop.roam(new Device(this), order);
        }
    }

    // What came is acked here, where it came.
    private void leftBehind() {
        Channel open = channel;
        if (open != null && state == State.ONLINE) {
            leaving = true;
            if (owing() > 0) {
                ack();
            }
            open.flush();
            open.close();
        }
    }

    private void refused(String what, int code) {
        if (!leaving) {
            loop.tally().trouble(what + ": " + Code.name(code));
        }
    }

    private void write(ByteBuf frame) {
        Channel open = channel;
        if (open == null) {
            frame.release();
        } else {
            open.write(frame, open.voidPromise());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (ctx.channel().equals(channel)) {
            ended(leaving ? null : "dropped");
        }
    }

    /** The connection, or the attempt, is over; {@code why} is null when it was asked for. */
    void ended(@Nullable String why) {
        State was = state;
        state = State.OFFLINE;
        channel = null;
        DeviceUplinks own = uplinks;
        if (own != null) {
            own.dropped(loop.tally());
        }
        if (why != null) {
            loop.tally().trouble(was == State.CONNECTING ? "login " + why : why);
        }
        loop.offline(this, was, why != null);
        if (loop.roams() && why != null && !moving) {
            loop.roamAgain(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        loop.tally().trouble("socket: " + cause.getClass().getSimpleName());
        ctx.close();
    }
}
