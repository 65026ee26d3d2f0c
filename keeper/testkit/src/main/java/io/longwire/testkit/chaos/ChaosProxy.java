package io.longwire.testkit.chaos;

import io.longwire.testkit.stores.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on loopback that does to connections what networks do, at run time and on order: per direction see
 * {@link Direction}; for whole connections {@link #cut}, {@link #reset}, {@link #halfOpen}, {@link #forgetAfter},
 * {@link #leadTo}, {@link #refuse}. What is random comes from the seed, for each connection its own sequence in the
 * order of accepting; so a test that prints its seed can be run again. Thread-safe; nothing waits uninterruptibly and
 * {@link #close} ends all threads and sockets.
 */
public final class ChaosProxy implements AutoCloseable {
    private static final int BACKLOG = 1_024;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int PORT_TRIES = 5;
    private static final long NEVER = Long.MAX_VALUE;

    private final long seed;
    private final Direction toServer = new Direction();
    private final Direction toClient = new Direction();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong forgotten = new AtomicLong();
    private final int port;
    private volatile InetSocketAddress target;
    private volatile long forgetNanos = NEVER;
    private volatile LongConsumer traffic = connection -> {
    };
    private @Nullable ServerSocket listener;
    private @Nullable Thread acceptor; // guarded by this
    private boolean closed;

    private ChaosProxy(InetSocketAddress target, long seed) {
        this.target = target;
        this.seed = seed;
        this.port = firstListen();
    }

    /** Listens on a free port of 127.0.0.1 and passes each connection on to the target, unharmed at first. */
    public static ChaosProxy to(InetSocketAddress target, long seed) {
        return new ChaosProxy(target, seed);
    }

    /** The same to a port of 127.0.0.1. */
    public static ChaosProxy to(int port, long seed) {
        return to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), seed);
    }

    /** Where clients connect to; stays the same over {@link #refuse}. */
    public int port() {
        return port;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** From whoever connected towards the target. */
    public Direction toServer() {
        return toServer;
    }

    /** From the target back to whoever connected. */
    public Direction toClient() {
        return toClient;
    }

    /** Connections open now, half-open ones included. */
    public int connections() {
        return links.size();
    }

    /** Connections passed on so far. */
    public long accepted() {
        return accepted.get();
    }

    /** Closes every open connection in order (FIN), both sides. */
    public void cut() {
        links.forEach(Link::cut);
    }

    /** Ends every open connection with a reset (RST), both sides. */
    public void reset() {
        links.forEach(Link::reset);
    }

    /**
     * Every open connection dies silently, as behind a router that forgot it: what either side sends is swallowed and
     * neither learns when the other goes. There is no way back for them; new connections work.
     */
    public void halfOpen() {
        links.forEach(Link::makeHalfOpen);
        toServer.wake();
        toClient.wake();
    }

    /**
     * Connections are forgotten after so long a silence in both directions, as by a NAT: what comes later is swallowed,
     * as {@link #halfOpen} says. For open connections too; zero = never again.
     */
    public void forgetAfter(Duration silence) {
        forgetNanos = silence.isZero() ? NEVER : silence.toNanos();
    }

    /** Connections that were found forgotten so far. */
    public long forgotten() {
        return forgotten.get();
    }

    /** New connections are passed on to this one instead, as when somebody on the way takes them; open ones go on. */
    public void leadTo(InetSocketAddress other) {
        target = other;
    }

    /**
     * Has this run for whatever a client's radio would notice: it connects, it sent something, it is sent something. By
     * any thread, in place of the one before; it must not wait.
     */
    public void onTraffic(Runnable noticed) {
        traffic = connection -> noticed.run();
    }

    /** The same, told which connection it was: 1 = the first that was accepted. */
    public void onTrafficOf(LongConsumer noticed) {
        traffic = noticed;
    }

    /** New connections are refused, as when nobody listens; open ones go on. False: they are accepted again. */
    public synchronized void refuse(boolean on) {
        if (on) {
            stopListening();
        } else if (listener == null && !closed) {
            try {
                listen(port);
            } catch (IOException taken) {
                throw new UncheckedIOException("port: " + port + " (expected: still free)", taken);
            }
        }
    }

    /** Both directions are well again and connections accepted. Dead connections stay dead. */
    public void heal() {
        toServer.heal();
        toClient.heal();
        refuse(false);
    }

    /** Ends all connections with a reset and stops listening. */
    @Override
    public synchronized void close() {
        closed = true;
        stopListening();
        reset();
    }

    /** A port that no outgoing connection is given, so that it can be had again after a refusal. */
    private synchronized int firstListen() {
        for (int tries = 1;; tries++) {
            int free = FreePorts.next();
            try {
                listen(free);
                return free;
            } catch (IOException taken) {
                if (tries == PORT_TRIES) {
                    throw new UncheckedIOException("port: " + free + " (expected: free)", taken);
                }
            }
        }
    }

    private void listen(int number) throws IOException {
        var socket = new ServerSocket(number, BACKLOG, InetAddress.getLoopbackAddress());
        listener = socket;
        acceptor = Thread.ofVirtual().name("chaos-" + number).start(() -> accept(socket));
    }

    private void stopListening() {
        var now = listener;
        var accepting = acceptor;
        listener = null;
        if (now != null && accepting != null) {
            try {
                now.close();
                accepting.join(); // the port takes connections until the pending accept has returned
            } catch (InterruptedException ending) {
                Thread.currentThread().interrupt();
            } catch (IOException failure) {
                throw new UncheckedIOException("listener on " + port + " (expected: it closes)", failure);
            }
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                long number = accepted.incrementAndGet();
                Thread.ofVirtual().name(name(number)).start(() -> connect(client, number));
            } catch (IOException closing) {
                // Closed, or one client gave up while it waited: the loop's condition tells which.
            }
        }
    }

    String name(long number) {
        return "chaos-" + port + "-" + number;
    }

    private void connect(Socket client, long number) {
        var server = new Socket();
        noticeTraffic(number);
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(target, CONNECT_MILLIS);
        } catch (IOException unreachable) {
            Link.close(client, true);
            Link.close(server, true);
            return;
        }
        begin(new Link(this, client, server, new SplittableRandom(seed * 31 + number), number));
    }

    private synchronized void begin(Link link) {
        link.start();
        links.add(link);
        if (link.closed()) {
            links.remove(link);
        } else if (closed) {
            link.reset();
        }
    }

    long forgetNanos() {
        return forgetNanos;
    }

    void countForgotten() {
        forgotten.incrementAndGet();
    }

    void noticeTraffic(long connection) {
        traffic.accept(connection);
    }

    void ended(Link link) {
        links.remove(link);
    }
}
