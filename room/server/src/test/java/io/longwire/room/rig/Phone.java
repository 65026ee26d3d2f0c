package io.longwire.room.rig;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.longwire.device.FrameBody;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.Kick;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Ready;
import io.longwire.room.phone.PhoneLoop;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Link;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A phone on a socket of the test: keeps what the room sends, sends what the test says. */
public final class Phone implements Link, FrameReader.Handler {
    /** A frame the room sent. */
    public record Frame(int type, byte[] body) {
    }

    private final RoomRig rig;
    private final int loop;
    private final FrameReader reader = FrameReader.ofPhone();
    private final Connection connection;
    public final List<Frame> frames = new ArrayList<>();
    private final List<byte[]> unflushed = new ArrayList<>();
    public boolean writable = true;
    public boolean closedByRoom;

    Phone(RoomRig rig, int loop, boolean shed) {
        this.rig = rig;
        this.loop = loop;
        var opened = new Connection[1];
        rig.on(loop, () -> opened[0] = logic().onOpen(this, shed));
        this.connection = opened[0];
    }

    public Connection connection() {
        return connection;
    }

    // ---- what the phone does

    public Phone bytes(byte... bytes) {
        rig.on(loop, () -> {
            logic().onBytes(connection, ByteBuffer.wrap(bytes), 0, bytes.length);
            logic().endOfBatch();
        });
        rig.settle();
        return this;
    }

    public Phone frame(int type, MessageLite body) {
        return bytes(FrameWriter.frame(type, body));
    }

    public Phone greet() {
        return bytes((byte) 1);
    }

    public Phone connect(Connect connect) {
        return greet().frame(FrameType.CONNECT, connect);
    }

    public Phone connect(EndpointBinding... bindings) {
        return connect(Connect.newBuilder().addAllBindings(List.of(bindings)).build());
    }

    public Phone ackIds(long endpointId, AckStatus status, Long... ids) {
        return frame(FrameType.ACK, Ack.newBuilder().addEndpointAcks(EndpointAck.newBuilder()
                .setEndpointId(endpointId).setStatus(status).addAllMessageIds(List.of(ids))).build());
    }

    public Phone ackBroadcast(long endpointId, AckStatus status, Long... seqs) {
        return frame(FrameType.ACK, Ack.newBuilder().addEndpointAcks(EndpointAck.newBuilder()
                .setEndpointId(endpointId).setStatus(status).addAllBcastSeqs(List.of(seqs))).build());
    }

    public Phone ackUpTo(long seq) {
        return frame(FrameType.ACK, Ack.newBuilder().setUptoSeq(seq).build());
    }

    public Phone ready(long endpointId) {
        return frame(FrameType.READY, Ready.newBuilder().addEndpointIds(endpointId).build());
    }

    public Phone ping() {
        return bytes((byte) FrameType.PING, (byte) 0);
    }

    /** Sends CONNECT, and is gone before any other loop had its turn. */
    public void connectAndDrop(Connect connect) {
        byte[] bytes = FrameWriter.frame(FrameType.CONNECT, connect);
        rig.on(loop, () -> {
            logic().onBytes(connection, ByteBuffer.wrap(bytes), 0, bytes.length);
            logic().onClosed(connection);
            logic().endOfBatch();
        });
        rig.settle();
    }

    /** The network takes the socket away. */
    public void drop() {
        rig.on(loop, () -> {
            logic().onClosed(connection);
            logic().endOfBatch();
        });
        rig.settle();
    }

    /** The socket's buffer has room again. */
    public void drained() {
        writable = true;
        rig.on(loop, () -> {
            logic().onWritable(connection);
            logic().endOfBatch();
        });
        rig.settle();
    }

    // ---- what it got

    public ConnectAck welcome() {
        return last(FrameType.CONNECT_ACK, ConnectAck.parser());
    }

    public BindAck bindAck() {
        return last(FrameType.BIND_ACK, BindAck.parser());
    }

    public ErrorFrame error() {
        return last(FrameType.ERROR, ErrorFrame.parser());
    }

    public Kick kick() {
        return last(FrameType.KICK, Kick.parser());
    }

    public List<Push> pushes() {
        return all(FrameType.PUSH, Push.parser());
    }

    public List<Long> pushedIds() {
        return pushes().stream().map(Push::getMessageId).toList();
    }

    /** The sequences of the broadcasts that came. */
    public List<Long> broadcasts() {
        return pushes().stream().map(Push::getBcastSeq).filter(seq -> seq != 0).toList();
    }

    public int count(int type) {
        return (int) frames.stream().filter(frame -> frame.type == type).count();
    }

    public <T> List<T> all(int type, Parser<T> parser) {
        var found = new ArrayList<T>();
        for (Frame frame : frames) {
            if (frame.type == type) {
                found.add(parse(parser, frame));
            }
        }
        return found;
    }

    private <T> T last(int type, Parser<T> parser) {
        List<T> found = all(type, parser);
        if (found.isEmpty()) {
            throw new AssertionError("no frame " + FrameType.name(type) + " among " + frames.stream()
                    .map(frame -> FrameType.name(frame.type)).toList());
        }
        return found.getLast();
    }

    private static <T> T parse(Parser<T> parser, Frame frame) {
        try {
            return FrameBody.parse(parser, ByteBuffer.wrap(frame.body), 0, frame.body.length);
        } catch (ProtocolError bad) {
            throw new AssertionError(bad);
        }
    }

    // ---- the room's side of the socket

    @Override
    public void send(byte[] bytes, int from, int length) {
        byte[] copy = new byte[length];
        System.arraycopy(bytes, from, copy, 0, length);
        unflushed.add(copy);
    }

    @Override
    public void flush() {
        List<byte[]> now = List.copyOf(unflushed);
        unflushed.clear();
        for (byte[] bytes : now) {
            try {
                reader.onBytes(ByteBuffer.wrap(bytes), 0, bytes.length, this);
            } catch (ProtocolError bad) {
                throw new AssertionError(bad);
            }
        }
    }

    @Override
    public boolean writable() {
        return writable;
    }

    @Override
    public int pending() {
        return 0;
    }

    @Override
    public void close() {
        closedByRoom = true;
    }

    @Override
    public boolean onFrame(int type, ByteBuffer buffer, int from, int to) {
        byte[] body = new byte[to - from];
        buffer.get(from, body);
        frames.add(new Frame(type, body));
        return true;
    }

    @Override
    public void onSkipped(int type) {
        throw new AssertionError("frame type: " + type);
    }

    private PhoneLoop logic() {
        return rig.loops.at(loop);
    }

    @Nullable
    Connection live() {
        return connection.link() == null ? null : connection;
    }
}
