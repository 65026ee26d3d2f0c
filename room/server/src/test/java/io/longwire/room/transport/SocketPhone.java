package io.longwire.room.transport;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.longwire.device.FrameBody;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Push;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** A phone on a real socket, blocking. */
public final class SocketPhone implements AutoCloseable, FrameReader.Handler {
    private record Frame(int type, byte[] body) {
    }

    private final Socket socket;
    private final FrameReader reader = FrameReader.ofPhone();
    private final Queue<Frame> frames = new ArrayDeque<>();

    private SocketPhone(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
    }

    public static SocketPhone tcp(int port) throws IOException {
        return new SocketPhone(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    public static SocketPhone tls(int port, String protocol) throws IOException, GeneralSecurityException {
        return tls(trusting(), port, protocol);
    }

    /** What a phone keeps between connections: tickets, among others. */
    static SSLContext trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[]{new Anybody()}, null);
        return context;
    }

    static SocketPhone tls(SSLContext context, int port, String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setEnabledProtocols(new String[]{protocol});
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[]{"longwire/1"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return new SocketPhone(socket);
    }

    Socket socket() {
        return socket;
    }

    public SocketPhone send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    public SocketPhone send(int type, MessageLite body) throws IOException {
        return send(FrameWriter.frame(type, body));
    }

    public ConnectAck connect(EndpointBinding... bindings) throws IOException {
        return connect(Connect.newBuilder().addAllBindings(List.of(bindings)).build());
    }

    public ConnectAck connect(Connect connect) throws IOException {
        send(new byte[]{1}).send(FrameType.CONNECT, connect);
        return next(FrameType.CONNECT_ACK, ConnectAck.parser());
    }

    public Push push() throws IOException {
        return next(FrameType.PUSH, Push.parser());
    }

    /** The phone leaves. */
    public void hangUp() throws IOException {
        socket.close();
    }

    /** The next frame, which must be of this type. */
    public <T> T next(int type, Parser<T> parser) throws IOException {
        Frame frame = frame();
        if (frame == null || frame.type != type) {
            throw new AssertionError("frame: " + (frame == null ? "end of stream" : FrameType.name(frame.type))
                    + " (expected: " + FrameType.name(type) + ")");
        }
        try {
            return FrameBody.parse(parser, ByteBuffer.wrap(frame.body), 0, frame.body.length);
        } catch (ProtocolError bad) {
            throw new AssertionError(bad);
        }
    }

    /** Whether the room has closed the connection; reads to its end. */
    boolean closedByRoom() throws IOException {
        try {
            while (frame() != null) {
                frames.clear();
            }
        } catch (java.net.SocketException reset) {
            return true;
        }
        return true;
    }

    private @Nullable Frame frame() throws IOException {
        byte[] buffer = new byte[4096];
        while (frames.isEmpty()) {
            int read = socket.getInputStream().read(buffer);
            if (read < 0) {
                return null;
            }
            try {
                reader.onBytes(ByteBuffer.wrap(buffer), 0, read, this);
            } catch (ProtocolError bad) {
                throw new AssertionError(bad);
            }
        }
        return frames.remove();
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

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {
            // a test's own room
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {
            // a test's own room
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
    }
}
