package io.longwire.sdk.share;

import com.google.protobuf.MessageLite;
import io.longwire.device.AckReader;
import io.longwire.device.Code;
import io.longwire.device.Feature;
import io.longwire.device.FrameBody;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.MessageRules;
import io.longwire.device.ProtocolError;
import io.longwire.device.credential.Claims;
import io.longwire.device.credential.Credentials;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.Kick;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Pong;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.ProfileAck;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.policy.AckBatcher;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One guest of the host: the room's end of its pipe. Frames are cut, checked and limited as a room does it, since a
 * guest is another app, which may be broken or bad; what breaks a rule ends the line, and nobody else's. Belongs to the
 * loop.
 */
public final class GuestLine implements FrameReader.Handler {
    /** Pushes that may wait for the guest's ack, broadcasts included; more are deferred. */
    static final int WAITING_MAX = 128;
    /** Requests that may wait for their answer. */
    static final int REQUESTS_MAX = 64;
    /** It leaves, and may come again. */
    static final int REASON_LEFT = 2;
    private static final int IDLE_SECONDS = 24 * 3_600;

    private final Guests guests;
    private final int appId;
    private final Pipe pipe;
    private final FrameReader reader = FrameReader.ofRoom();
    private final AckReader acks = new AckReader();
    private final TreeMap<Long, Waiting> waiting = new TreeMap<>(); // by the seq of this line
    private final List<Waiting> broadcasts = new ArrayList<>();
    private long endpointId; // 0 = not bound
    private long seq;
    private int offered; // features, by the guest
    private boolean prefaced;
    private boolean gone; // the process of the guest
    private boolean ended;
    private boolean full; // and therefore deferred, though the guest is there
    private boolean reporting; // some reports are passed on, and not known to have arrived
    private int reportedBy; // the host's ping behind the last of them
    private int echo; // the guest's last ping that waits for that; 0 = none does
    private int echoBy; // the host's ping behind the reports that came before it

    /** A push that the guest has not answered. */
    private static final class Waiting {
        final Connection connection;
        final Push push;

        Waiting(Connection connection, Push push) {
            this.connection = connection;
            this.push = push;
        }
    }

    GuestLine(Guests guests, int appId, Pipe pipe) {
        this.guests = guests;
        this.appId = appId;
        this.pipe = pipe;
    }

    int appId() {
        return appId;
    }

    long endpointId() {
        return endpointId;
    }

    boolean isEnded() { return ended; }

    /** The guest sent these. */
    public void onBytes(byte[] bytes) {
        if (ended || gone) {
            return;
        }
        try {
            reader.onBytes(ByteBuffer.wrap(bytes), 0, bytes.length, this);
        } catch (ProtocolError broken) {
            send(FrameType.ERROR, ErrorFrame.newBuilder().setCode(broken.code()).setFatal(true)
                    .setText(String.valueOf(broken.getMessage())).build());
            end("protocol: " + broken.getMessage());
        }
    }

    /** The process of the guest is gone: its place is kept, its messages stay on the server. */
    public void onGone() {
        if (ended || gone) {
            return;
        }
        if (endpointId == 0) {
            end("gone");
            return;
        }
        gone = true;
        reader.close();
        deferWaiting();
        pipe.close(); // it may be there, and only have said too much at once: it comes again
    }

    /** Ends it, gives its endpoint back, and frees its place. */
    void end(String reason) {
        end(reason, REASON_LEFT);
    }

    void end(String reason, int unbindReason) {
        if (ended) {
            return;
        }
        ended = true;
        reader.close();
        deferWaiting();
        guests.forget(this, unbindReason);
        pipe.close(reason);
    }

    // What was given to the guest and not acked comes again when it is back; it shows nothing twice.
    private void deferWaiting() {
        for (Waiting one : waiting.values()) {
            answer(one, AckStatus.ACK_DEFERRED);
        }
        for (Waiting one : broadcasts) {
            answer(one, AckStatus.ACK_DEFERRED);
        }
        waiting.clear();
        broadcasts.clear();
    }

    private void answer(Waiting one, AckStatus status) {
        Push push = one.push;
        if (!one.connection.isClosed()) {
            guests.answered(push.getEndpointId(), status);
            one.connection.answer(new AckBatcher.Answer(push.getEndpointId(), push.getMessageId(), push.getSeq(),
                    push.getBcastSeq(), status), push.getAckNow());
        }
    }

    /** Returns false when the guest cannot take it now. */
    boolean push(Connection connection, Push push) {
        if (gone || ended) {
            return false;
        }
        if (waiting.size() + broadcasts.size() >= WAITING_MAX) {
            full = true;
            return false;
        }
        boolean acked = push.getSeq() != 0;
        if (!send(FrameType.PUSH, push.toBuilder().setSeq(acked ? seq + 1 : 0).build())) {
            onGone();
            return false;
        }
        Waiting one = new Waiting(connection, push.toBuilder().setEndpointId(endpointId).clearPayload().build());
        if (acked) {
            waiting.put(++seq, one);
        } else if (push.getBcastSeq() != 0) {
            broadcasts.add(one);
        }
        return true;
    }

    /** The answer to the guest's CONNECT. */
    void onBound(BindResult result) {
        if (ended || gone) {
            return;
        }
        boolean ok = result.getCode() == Code.OK && result.getEndpointId() != 0;
        endpointId = ok ? result.getEndpointId() : 0;
        reader.authenticated();
        Connection host = guests.connection();
        int features = host != null && host.has(Feature.REPLIES) ? offered & Feature.REPLIES : 0;
        // The line lives as long as both processes do, and its end is told: there is nothing to beat for.
        send(FrameType.CONNECT_ACK, ConnectAck.newBuilder().setCode(ok ? Code.OK : failure(result)).addResults(result)
                .setFeatures(features).setServerTimeMs(guests.time().nowMillis())
                .setHbHintS(IDLE_SECONDS).setHbMaxS(IDLE_SECONDS)
                .setHbMinS(IDLE_SECONDS).setRetryAfterMs(result.getRetryAfterMs()).setText(result.getText()).build());
        if (!ok) {
            end("refused: " + Code.name(result.getCode()));
        }
    }

    private static int failure(BindResult result) {
        return result.getCode() == Code.OK ? Code.INTERNAL : result.getCode();
    }

    void onChanged(BindResult result) {
        send(FrameType.BIND_ACK, BindAck.newBuilder().addResults(result).build());
    }

    void onProfileAck(ProfileAck ack) {
        send(FrameType.PROFILE_ACK, ack);
    }

    void onUplinkReply(UplinkReply reply) {
        send(FrameType.UPLINK_REPLY, reply);
    }

    void onReply(Reply reply) {
        send(FrameType.REPLY, reply);
    }

    void onError(ErrorFrame error) {
        send(FrameType.ERROR, error);
    }

    void onKick(Kick kick) {
        endpointId = 0;
        send(FrameType.KICK, kick);
        end("kicked: " + Code.name(kick.getCode()));
    }

    /** More of what was reported has arrived; what came after the ping that was answered now may not have. */
    void onReported(Connection connection) {
        reporting &= !connection.isReported(reportedBy);
        if (echo != 0 && connection.isReported(echoBy)) {
            int of = echo;
            echo = 0;
            pong(of);
        }
    }

    @Override
    public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
        switch (type) { // allowed: one flat switch over the frame types
            case FrameType.CONNECT :
                onConnect(FrameBody.parse(Connect.parser(), buffer, from, to));
                break;
            case FrameType.ACK :
                acks.read(buffer, from, to);
                onAck();
                break;
            case FrameType.PING :
                onPing(FrameBody.parse(Ping.parser(), buffer, from, to));
                break;
            case FrameType.UPLINK :
                onUplink(FrameBody.parse(Uplink.parser(), buffer, from, to));
                break;
            case FrameType.PROFILE :
                onProfile(FrameBody.parse(Profile.parser(), buffer, from, to));
                break;
            case FrameType.READY :
                onReady();
                break;
            case FrameType.UNBIND :
                end("left");
                break;
            case FrameType.BIND :
                throw new ProtocolError(Code.UNSUPPORTED, "BIND: from a guest (expected: its one endpoint in CONNECT)");
            default :
                // PONG, TELEMETRY, ERROR: nothing to do here.
                break;
        }
        return !ended;
    }

    @Override
    public void onSkipped(int type) {
        // A frame of a later version, ignorable by its own word.
    }

    private void onConnect(Connect connect) throws ProtocolError {
        MessageRules.check(connect);
        EndpointBinding binding = connect.getBindings(0);
        byte[] proof = binding.getCredential().toByteArray();
        Claims claims = Claims.peek(proof);
        if (connect.getBindingsCount() != 1 || claims == null || Credentials.isCredential(proof)) {
            throw new ProtocolError(Code.AUTH, "bindings: " + connect.getBindingsCount()
                    + " (expected: one delegation; credentials are for rooms)");
        }
        if (claims.appId() != appId) {
            throw new ProtocolError(Code.AUTH, "app: " + (claims.appId() & 0xFFFFFFFFL) + " (expected: "
                    + (appId & 0xFFFFFFFFL) + ", which the package stands for)");
        }
        offered = connect.getFeatures();
        guests.bind(this, binding);
    }

    private void onPing(Ping ping) {
        if (ping.getEcho() == 0 || !reporting) {
            pong(ping.getEcho());
        } else {
            echo = ping.getEcho();
            echoBy = reportedBy;
        }
    }

    private void pong(int of) {
        send(FrameType.PONG, Pong.newBuilder().setEcho(of).setServerTimeMs(guests.time().nowMillis()).build());
    }

    private void onAck() {
        for (int i = 0; i < acks.endpoints(); i++) {
            AckStatus status = AckStatus.forNumber(acks.status(i));
            if (acks.endpointId(i) != endpointId || status == null) {
                continue;
            }
            for (int k = 0; k < acks.ids(i); k++) {
                named(acks.id(i, k), status);
            }
            for (int k = 0; k < acks.seqs(i); k++) {
                broadcast(acks.seq(i, k), status);
            }
        }
        for (int i = 0; i < acks.extras(); i++) {
            Waiting one = waiting.remove(acks.extra(i));
            if (one != null) {
                answer(one, AckStatus.ACK_STORED);
            }
        }
        Map<Long, Waiting> reached = waiting.headMap(acks.uptoSeq(), true);
        for (Waiting one : reached.values()) {
            answer(one, AckStatus.ACK_STORED);
        }
        reached.clear();
        if (full && waiting.size() + broadcasts.size() < WAITING_MAX / 2) {
            full = false;
            guests.ready(endpointId); // else the room gives it nothing more
        }
    }

    private void named(long messageId, AckStatus status) {
        boolean report = status == AckStatus.ACK_SHOWN || status == AckStatus.ACK_CLICKED;
        for (Iterator<Waiting> all = waiting.values().iterator(); !report && all.hasNext();) {
            Waiting one = all.next();
            if (one.push.getMessageId() == messageId) {
                all.remove();
                answer(one, status);
                return;
            }
        }
        Connection connection = guests.connection();
        if (connection == null) {
            return;
        }
        AckBatcher.Answer answer = new AckBatcher.Answer(endpointId, messageId, 0, 0, status);
        if (report) {
            reporting = true;
            reportedBy = connection.report(answer);
        } else {
            connection.answer(answer, false); // of an earlier line
        }
    }

    private void broadcast(long bcastSeq, AckStatus status) {
        for (Iterator<Waiting> all = broadcasts.iterator(); all.hasNext();) {
            Waiting one = all.next();
            if (one.push.getBcastSeq() == bcastSeq) {
                all.remove();
                answer(one, status);
                return;
            }
        }
        Connection connection = guests.connection();
        if (connection != null) {
            connection.answer(new AckBatcher.Answer(endpointId, 0, 0, bcastSeq, status), false);
        }
    }

    private void onUplink(Uplink uplink) throws ProtocolError {
        MessageRules.check(uplink);
        Connection connection = own(uplink.getEndpointId());
        if (connection != null) {
            connection.uplink(uplink.toBuilder().setReqId(guests.number(this, uplink.getReqId())).build());
            guests.traffic().out(appId, uplink, false);
        }
    }

    private void onProfile(Profile profile) throws ProtocolError {
        MessageRules.check(profile);
        Connection connection = own(profile.getEndpointId());
        if (connection != null) {
            connection.profile(profile.toBuilder().setReqId(guests.number(this, profile.getReqId())).build());
            guests.traffic().out(appId, profile, false);
        }
    }

    private void onReady() throws ProtocolError {
        if (own(endpointId) != null) {
            guests.ready(endpointId);
        }
    }

    private @Nullable Connection own(long endpoint) throws ProtocolError {
        if (endpointId == 0 || endpoint != endpointId) {
            throw new ProtocolError(Code.NOT_BOUND, "endpoint: " + Long.toHexString(endpoint)
                    + " (expected: the guest's own)");
        }
        if (guests.open(this) >= REQUESTS_MAX) {
            throw new ProtocolError(Code.LIMIT, "requests: more than " + REQUESTS_MAX + " wait (expected: fewer)");
        }
        return guests.connection();
    }

    private boolean send(int type, MessageLite body) {
        if (ended && type != FrameType.KICK && type != FrameType.ERROR) {
            return false;
        }
        byte[] frame = FrameWriter.frame(type, body);
        byte[] bytes = frame;
        if (!prefaced) {
            prefaced = true;
            bytes = new byte[1 + frame.length];
            bytes[0] = Limits.PREFACE;
            System.arraycopy(frame, 0, bytes, 1, frame.length);
        }
        return pipe.send(bytes);
    }
}
