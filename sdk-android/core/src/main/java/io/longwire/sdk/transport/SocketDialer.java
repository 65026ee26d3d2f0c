package io.longwire.sdk.transport;

import io.longwire.sdk.loop.DaemonThreads;
import io.longwire.sdk.loop.Loop;
import java.io.IOException;
import java.net.Socket;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Dials with blocking sockets, each dial on a thread that later reads its wire. At most {@link #THREADS} threads; a
 * dial that finds none fails.
 */
public final class SocketDialer implements Dialer, AutoCloseable {
    private static final int THREADS = 16;
    private static final int KEEP_SECONDS = 10;

    private final Loop loop;
    private final RoomTls tls;
    private final ExecutorService threads;
    private final Set<Socket> open = Collections.newSetFromMap(new ConcurrentHashMap<>());

    public SocketDialer(Loop loop, RoomTls tls) {
        this.loop = loop;
        this.tls = tls;
        this.threads = new ThreadPoolExecutor(0, THREADS, KEEP_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
                new DaemonThreads("longwire-wire"));
    }

    @Override
    public Dial dial(Address address, long timeoutMillis, DialListener listener) {
        SocketDial dial = new SocketDial(address, (int) Math.min(timeoutMillis, Integer.MAX_VALUE), listener);
        try {
            threads.execute(dial);
        } catch (RejectedExecutionException full) {
            loop.execute(() -> dial.tellFailed("dial: no free thread (expected: at most " + THREADS + " wires)"));
        }
        return dial;
    }

    /** Closes every socket and ends the threads; nothing is told any more. */
    @Override
    public void close() {
        for (Socket socket : open) {
            SocketWire.closeQuietly(socket);
        }
        threads.shutdownNow();
    }

    /** One dial; its thread connects, then reads. */
    private final class SocketDial implements Dial, Runnable {
        private final Address address;
        private final int timeoutMillis;
        private final DialListener listener;
        private final Socket raw = new Socket();
        private boolean cancelled; // loop
        private boolean told; // loop

        SocketDial(Address address, int timeoutMillis, DialListener listener) {
            this.address = address;
            this.timeoutMillis = timeoutMillis;
            this.listener = listener;
        }

        @Override
        public void run() {
            open.add(raw);
            try {
                connectAndRead();
            } finally {
                open.remove(raw);
            }
        }

        private void connectAndRead() {
            SocketWire wire = null;
            try {
                raw.setTcpNoDelay(true);
                raw.connect(address.resolve(), timeoutMillis);
                raw.setSoTimeout(timeoutMillis);
                Socket socket = address.tls() ? tls.handshake(raw, address) : raw;
                raw.setSoTimeout(0);
                wire = new SocketWire(loop, raw, socket, threads);
                SocketWire opened = wire;
                loop.execute(() -> tellOpen(opened));
            } catch (IOException | RuntimeException failure) {
                // Runtime: some TLS providers throw them for broken peers; a bad peer must not end the SDK.
                SocketWire.closeQuietly(raw);
                String reason = address + ": " + failure.getMessage();
                loop.execute(() -> tellFailed(reason));
            }
            if (wire != null) {
                wire.read();
            }
        }

        @Override
        public void cancel() {
            if (!told) {
                cancelled = true;
                SocketWire.closeQuietly(raw);
            }
        }

        private void tellOpen(SocketWire wire) {
            if (cancelled) {
                wire.close(0);
            } else {
                told = true;
                listener.onOpen(wire);
            }
        }

        private void tellFailed(@Nullable String reason) {
            if (!cancelled) {
                told = true;
                listener.onFailed(String.valueOf(reason));
            }
        }
    }
}
