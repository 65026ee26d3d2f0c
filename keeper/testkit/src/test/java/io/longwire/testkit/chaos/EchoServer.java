package io.longwire.testkit.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Sends back what it gets, on loopback; remembers how each connection ended. */
final class EchoServer implements AutoCloseable {
    private final ServerSocket listener;
    /** "eof" or the exception's text, per ended connection. */
    final List<String> ends = new CopyOnWriteArrayList<>();

    EchoServer() throws IOException {
        listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("echo").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                Thread.ofVirtual().name("echo-connection").start(() -> echo(socket));
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    private void echo(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.getInputStream().transferTo(socket.getOutputStream());
            ends.add("eof");
        } catch (IOException failure) {
            ends.add(String.valueOf(failure.getMessage()));
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
