package io.longwire.sdk;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.MessageRules;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Pong;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.Push;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** One connection at the fake room: reads with the real codec of a room, and keeps what came for the test. */
final class FakeLink {
    final Map<Long, Long> bound = new ConcurrentHashMap<>();
    final CountDownLatch ended = new CountDownLatch(1);
    volatile ByteString token = ByteString.EMPTY;
    volatile long host;
    /** Pings are answered. */
    volatile boolean pongs = true;

    private final FakeRoom room;
    private final Socket socket;
    private final FrameReader reader = FrameReader.ofRoom();
    private final Map<Integer, BlockingQueue<byte[]>> frames = new ConcurrentHashMap<>();
    private final AtomicLong seq = new AtomicLong();
    private final AtomicBoolean dropped = new AtomicBoolean();
    private volatile Connect connect = Connect.getDefaultInstance();
    private volatile String end = "still open";

    FakeLink(FakeRoom room, Socket socket) {
        this.room = room;
        this.socket = socket;
    }

    Connect connect() {
        return connect;
    }

    /** Answers CONNECT. */
    void answer(ConnectAck ack) throws IOException {
        byte[] frame = new byte[1 + FrameWriter.frameSize(ack)];
        frame[0] = Limits.PREFACE;
        FrameWriter.frame(FrameType.CONNECT_ACK, ack, frame, 1);
        reader.authenticated();
        raw(frame);
    }

    /** Pushes with the next seq of this socket; returns it. */
    long push(Push push) throws IOException {
        long next = seq.incrementAndGet();
        send(FrameType.PUSH, push.toBuilder().setSeq(next).build());
        return next;
    }

    void send(int type, MessageLite body) throws IOException {
        raw(FrameWriter.frame(type, body));
    }

    synchronized void raw(byte[] bytes) throws IOException {
        if (socket.isClosed()) {
            throw new IOException("the phone left: " + end);
        }
        socket.getOutputStream().write(bytes);
    }

    /** The next frame of this type that came, or comes. */
    <T> T take(int type, Parser<T> parser) throws InterruptedException, InvalidProtocolBufferException {
        byte[] body = queue(type).poll(60, TimeUnit.SECONDS);
        return parser.parseFrom(Objects.requireNonNull(body, "no frame came: " + FrameType.name(type)));
    }

    /** Reads acks until upto_seq has reached this one; returns the last. */
    Ack ackedUpto(long wanted) throws InterruptedException, InvalidProtocolBufferException {
        Ack ack = take(FrameType.ACK, Ack.parser());
        while (ack.getUptoSeq() < wanted) {
            ack = take(FrameType.ACK, Ack.parser());
        }
        return ack;
    }

    /** Frames of this type that came so far are not taken any more. */
    void forget(int type) {
        queue(type).clear();
    }

    int waiting(int type) {
        return queue(type).size();
    }

    /** Ends the connection without a word. */
    void cut() throws IOException {
        drop(); // before the phone can be back
        socket.close();
    }

    boolean hasEnded() throws InterruptedException {
        return ended.await(10, TimeUnit.SECONDS);
    }

    void read() {
        byte[] chunk = new byte[4096];
        try (Socket open = socket) {
            InputStream in = open.getInputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                reader.onBytes(ByteBuffer.wrap(chunk), 0, n, new FrameReader.Handler() {
                    @Override
                    public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
                        byte[] body = new byte[to - from];
                        buffer.duplicate().position(from).get(body);
                        frame(type, body);
                        return true;
                    }

                    @Override
                    public void onSkipped(int type) {
                        throw new AssertionError("skipped " + type);
                    }
                });
            }
        } catch (IOException | ProtocolError | RuntimeException over) {
            end = over.toString();
            reader.close();
        }
        drop();
        ended.countDown();
    }

    private void drop() {
        if (dropped.compareAndSet(false, true)) {
            room.dropped(this);
        }
    }

    private void frame(int type, byte[] body) throws ProtocolError {
        try {
            if (type == FrameType.CONNECT) {
                connect = Connect.parseFrom(body);
                MessageRules.check(connect);
                room.connected(this);
            } else if (type == FrameType.PING && pongs) {
                raw(FrameWriter.frame(FrameType.PONG,
                        Pong.newBuilder().setEcho(Ping.parseFrom(body).getEcho()).build()));
            } else if (type == FrameType.BIND) {
                MessageRules.check(Bind.parseFrom(body));
            } else if (type == FrameType.PROFILE) {
                MessageRules.check(Profile.parseFrom(body));
            } else if (type == FrameType.UPLINK) {
                MessageRules.check(io.longwire.device.v1.Uplink.parseFrom(body));
            } else if (type == FrameType.ACK) {
                MessageRules.check(Ack.parseFrom(body));
            }
            queue(type).add(body);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private BlockingQueue<byte[]> queue(int type) {
        return frames.computeIfAbsent(type, one -> new LinkedBlockingQueue<>());
    }
}
