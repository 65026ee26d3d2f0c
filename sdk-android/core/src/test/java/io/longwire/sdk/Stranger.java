package io.longwire.sdk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A peer that takes TCP connections, and is no room: it says these bytes, or nothing, and keeps what it is told. */
final class Stranger implements AutoCloseable {
    private static final int RECORD_HEADER = 5;

    final AtomicInteger accepted = new AtomicInteger();
    /** Connections that the phone has ended. */
    final AtomicInteger left = new AtomicInteger();

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final byte[] says;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<ByteArrayOutputStream> heard = new CopyOnWriteArrayList<>();

    Stranger(byte[] says) throws IOException {
        this.says = says;
        Thread.ofPlatform().daemon().name("stranger").start(this::acceptAll);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The types of all TLS records that came, whole or not; fails when something else came. */
    Set<Integer> records() {
        Set<Integer> types = new HashSet<>();
        for (ByteArrayOutputStream one : heard) {
            ByteBuffer bytes = ByteBuffer.wrap(one.toByteArray());
            while (bytes.hasRemaining()) {
                types.add(bytes.get() & 0xFF);
                if (bytes.remaining() < RECORD_HEADER - 1) {
                    break;
                }
                int major = bytes.getShort() >> 8;
                if (major != 3) {
                    throw new AssertionError("no TLS record: version " + major);
                }
                int length = bytes.getShort() & 0xFFFF;
                bytes.position(Math.min(bytes.limit(), bytes.position() + length));
            }
        }
        return types;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                heard.add(bytes);
                accepted.incrementAndGet();
                Thread.ofPlatform().daemon().name("stranger-reads").start(() -> talk(socket, bytes));
            }
        } catch (IOException closed) {
            // The test ended.
            return;
        }
    }

    private void talk(Socket socket, ByteArrayOutputStream bytes) {
        try {
            socket.getOutputStream().write(says);
            InputStream in = socket.getInputStream();
            byte[] chunk = new byte[4096];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                bytes.write(chunk, 0, n);
            }
        } catch (IOException reset) {
            left.incrementAndGet();
            return;
        }
        left.incrementAndGet();
    }
}
