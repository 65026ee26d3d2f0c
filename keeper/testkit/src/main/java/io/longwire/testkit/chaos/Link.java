package io.longwire.testkit.chaos;

import io.longwire.keeper.clock.Clock;
import java.io.IOException;
import java.net.Socket;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection through the proxy: the client's socket, the server's, and a pump each way. Thread-safe. */
final class Link {
    private final long number;
    private final ChaosProxy proxy;
    private final Socket client;
    private final Socket server;
    private final Pump toServer;
    private final Pump toClient;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger pumping = new AtomicInteger(2);
    private volatile boolean halfOpen;
    private long heardAtNanos = Clock.system().nanos(); // guarded by this

    Link(ChaosProxy proxy, Socket client, Socket server, SplittableRandom luck, long number) {
        String name = proxy.name(number);
        this.number = number;
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        this.toServer = new Pump(this, proxy.toServer(), client, server, luck.split(), name + "-to-server");
        this.toClient = new Pump(this, proxy.toClient(), server, client, luck.split(), name + "-to-client");
    }

    void start() {
        toServer.start();
        toClient.start();
    }

    boolean closed() {
        return closed.get();
    }

    /** Nothing goes through any more, and neither side is told. */
    void makeHalfOpen() {
        halfOpen = true;
    }

    boolean halfOpen() {
        return halfOpen;
    }

    /** Something came from either side: who remembers connections remembers this one, or has forgotten it by now. */
    void heard(Socket from) {
        remember();
        if (from.equals(client)) {
            proxy.noticeTraffic(number);
        }
    }

    private synchronized void remember() {
        long now = Clock.system().nanos();
        if (!halfOpen && now - heardAtNanos > proxy.forgetNanos()) {
            halfOpen = true;
            proxy.countForgotten();
        }
        heardAtNanos = now;
    }

    /** Bytes went to this one. */
    void wrote(Socket to) {
        if (to.equals(client)) {
            proxy.noticeTraffic(number);
        }
    }

    /** Closes both sides in order. */
    void cut() {
        end(false);
    }

    /** Closes both sides with a reset. */
    void reset() {
        end(true);
    }

    /** Called by each pump at its end; after both, nothing can come any more. */
    void pumpEnded() {
        if (pumping.decrementAndGet() == 0) {
            end(false);
        }
    }

    private void end(boolean reset) {
        if (closed.compareAndSet(false, true)) {
            close(client, reset);
            close(server, reset);
            toServer.interrupt();
            toClient.interrupt();
            proxy.ended(this);
        }
    }

    static void close(Socket socket, boolean reset) {
        try (socket) {
            if (reset) {
                socket.setSoLinger(true, 0);
            } else if (socket.isConnected() && !socket.isOutputShutdown()) {
                socket.shutdownOutput();
            }
        } catch (IOException gone) {
            // The peer was faster; closed is all that was wanted.
        }
    }
}
