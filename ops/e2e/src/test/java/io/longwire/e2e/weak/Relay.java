package io.longwire.e2e.weak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A way out of a network namespace, which no TCP connection leaves: a port inside leads to a socket in the file system,
 * and that one to a port outside. Ends with its process, or when closed.
 */
final class Relay implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 << 10;

    private final ServerSocketChannel listener;
    private final SocketAddress to;

    private Relay(ServerSocketChannel listener, SocketAddress to) {
        this.listener = listener;
        this.to = to;
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    /** Inside. */
    static Relay fromPort(int port, Path socket) throws IOException {
        var listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new Relay(listener, UnixDomainSocketAddress.of(socket));
    }

    /** Outside. */
    static Relay fromSocket(Path socket, InetSocketAddress to) throws IOException {
        var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        return new Relay(listener, to);
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                SocketChannel near = listener.accept();
                Thread.ofVirtual().name("relay-connection").start(() -> connect(near));
            } catch (IOException closing) {
                // Closed: the loop's condition tells.
            }
        }
    }

    private void connect(SocketChannel near) {
        try (near; var far = SocketChannel.open(to)) {
            Thread back = Thread.ofVirtual().name("relay-back").start(() -> pump(far, near));
            pump(near, far);
            back.join();
        } catch (IOException unreachable) {
            // The other side sees its connection end.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Passes everything on, then the end; an error ends both directions. */
    private static void pump(SocketChannel from, SocketChannel to) {
        var buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException broken) {
            close(from);
            close(to);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException gone) {
            return; // closed is all that was wanted
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
