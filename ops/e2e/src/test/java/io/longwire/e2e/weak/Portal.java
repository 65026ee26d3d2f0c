package io.longwire.e2e.weak;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A captive portal: takes every connection, waits until the other side says something, whatever it is, and shows its
 * page for it. Pages differ, as portals do: redirects, welcomes, empty ones, refusals.
 */
final class Portal implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 2_000;
    private static final String PAGE = "<html><body>Welcome! Room number?</body></html>";
    private static final String[] ANSWERS = {"302 Found\r\nLocation: http://login.example/", "200 OK", "403 Forbidden",
            "410 Gone", "511 Network Authentication Required"};

    private final ServerSocket listener;
    private final AtomicInteger asked = new AtomicInteger();

    Portal() {
        try {
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
        Thread.ofVirtual().name("portal").start(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    }

    /** Connections it took. */
    int asked() {
        return asked.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket guest = listener.accept();
                int number = asked.getAndIncrement();
                Thread.ofVirtual().name("portal-guest").start(() -> show(guest, number));
            } catch (IOException closing) {
                // Closed: the loop's condition tells.
            }
        }
    }

    private static void show(Socket guest, int number) {
        try (guest) {
            guest.setSoTimeout(PATIENCE_MILLIS);
            var in = guest.getInputStream();
            if (in.read() < 0) {
                return;
            }
            boolean empty = number % (2 * ANSWERS.length) >= ANSWERS.length;
            String page = empty ? "" : "Content-Type: text/html\r\n\r\n" + PAGE;
            guest.getOutputStream().write(("HTTP/1.1 " + ANSWERS[number % ANSWERS.length] + "\r\nContent-Length: "
                    + (empty ? "0\r\n\r\n" : PAGE.length() + "\r\n" + page)).getBytes(StandardCharsets.US_ASCII));
            guest.shutdownOutput();
            in.transferTo(OutputStream.nullOutputStream()); // closing on unread bytes would be a reset
        } catch (IOException gone) {
            // The guest left.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
