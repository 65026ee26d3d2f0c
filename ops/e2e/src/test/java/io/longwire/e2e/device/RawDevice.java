package io.longwire.e2e.device;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.longwire.device.Code;
import io.longwire.device.FrameBody;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.Limits;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Push;
import io.longwire.keeper.clock.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One socket to a room, frame by frame; nothing is answered by itself. Waits are 30 s unless told otherwise. */
public final class RawDevice implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Socket socket = new Socket();
    private final FrameReader reader = FrameReader.ofPhone();
    private final ArrayDeque<Frame> read = new ArrayDeque<>();
    private boolean ended;

    /** A frame as it came. */
    public record Frame(int type, ByteBuffer body) {
        public <T> T as(Parser<T> parser) {
            try {
                return FrameBody.parse(parser, body, 0, body.limit());
            } catch (ProtocolError broken) {
                throw new IllegalStateException(broken);
            }
        }

        @Override
        public String toString() {
            return FrameType.name(type) + " of " + body.limit() + " bytes";
        }
    }

    private RawDevice(InetSocketAddress room) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(room, (int) PATIENCE.toMillis());
    }

    /** Connects; sends nothing yet, not even the preface. */
    public static RawDevice to(InetSocketAddress room) {
        try {
            return new RawDevice(room);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** Connects, logs in with these bindings and returns once the room said OK. */
    public static RawDevice loggedIn(InetSocketAddress room, EndpointBinding... bindings) {
        RawDevice device = to(room);
        ConnectAck ack = device.connect(Connect.newBuilder().addAllBindings(Arrays.asList(bindings)).build());
        if (ack.getCode() != 0) {
            throw new IllegalStateException("CONNECT_ACK: " + Code.name(ack.getCode()) + " (expected: OK)");
        }
        return device;
    }

    /** Sends preface and CONNECT, and waits for the answer. */
    public ConnectAck connect(Connect connect) {
        sendConnect(connect);
        return await(FrameType.CONNECT_ACK).as(ConnectAck.parser());
    }

    public void sendConnect(Connect connect) {
        bytes(new byte[]{Limits.PREFACE});
        frame(FrameType.CONNECT, connect);
    }

    public void frame(int type, MessageLite body) {
        bytes(FrameWriter.frame(type, body));
    }

    /** Any bytes, whole or not, right or wrong. */
    public void bytes(byte[] any) {
        try {
            socket.getOutputStream().write(any);
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    /** Acks one push as stored. */
    public void ack(Push push) {
        frame(FrameType.ACK, Ack.newBuilder().addExtraSeq(push.getSeq()).build());
    }

    /** The next push; throws AssertionError if none comes in time. */
    public Push awaitPush() {
        return await(FrameType.PUSH).as(Push.parser());
    }

    /** The next push if one comes within this time. */
    public Optional<Push> pushWithin(Duration limit) {
        Frame frame = next(FrameType.PUSH, FrameType.PUSH, limit);
        return frame == null ? Optional.empty() : Optional.of(frame.as(Push.parser()));
    }

    /** The next frame of this type; others before it are dropped. */
    public Frame await(int type) {
        return awaitAny(type, type);
    }

    /** The next frame of one of these types; others before it are dropped. */
    public Frame awaitAny(int type, int orType) {
        Frame frame = next(type, orType, PATIENCE);
        if (frame == null) {
            throw new AssertionError(FrameType.name(type) + ": none within " + PATIENCE + (ended ? ", closed" : "")
                    + " (expected: one)");
        }
        return frame;
    }

    /** Whether the room ends the connection within this time. */
    public boolean closedWithin(Duration limit) {
        next(-1, -1, limit);
        return ended;
    }

    private @Nullable Frame next(int type, int orType, Duration limit) {
        var clock = Clock.system();
        long end = clock.nanos() + limit.toNanos();
        long left = limit.toMillis(); // the first look is one even where this thread is late
        while (true) {
            Frame frame;
            while ((frame = read.poll()) != null) {
                if (frame.type == type || frame.type == orType) {
                    return frame;
                }
            }
            if (ended || left <= 0 || !more((int) left)) {
                return null;
            }
            left = (end - clock.nanos()) / 1_000_000;
        }
    }

    private boolean more(int millis) {
        byte[] bytes = new byte[64 * 1024];
        try {
            socket.setSoTimeout(millis);
            int count = socket.getInputStream().read(bytes);
            if (count < 0) {
                ended = true;
                return false;
            }
            reader.onBytes(ByteBuffer.wrap(bytes), 0, count, new Keep());
            return true;
        } catch (SocketTimeoutException late) {
            return false;
        } catch (IOException reset) {
            ended = true;
            return false;
        } catch (ProtocolError broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** The local port, by which a proxy or a log knows this socket. */
    public int localPort() {
        return socket.getLocalPort();
    }

    /** Ends the socket with a FIN. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException unlikely) {
            throw new UncheckedIOException(unlikely);
        }
    }

    private final class Keep implements FrameReader.Handler {
        @Override
        public boolean onFrame(int type, ByteBuffer buffer, int from, int to) {
            byte[] body = new byte[to - from];
            for (int i = 0; i < body.length; i++) {
                body[i] = buffer.get(from + i);
            }
            read.add(new Frame(type, ByteBuffer.wrap(body)));
            return true;
        }

        @Override
        public void onSkipped(int type) {
            read.add(new Frame(type, ByteBuffer.allocate(0)));
        }
    }
}
