package io.longwire.keeper.rpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection per address, made at first use, dropped when nobody has used it for ten minutes. Thread-safe. After
 * {@link #close} no connection lives or is made: a channel that dials while its loops end is a stack trace in the log.
 */
final class Peers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final Duration ENDED = Duration.ofSeconds(2);

    private final ConcurrentHashMap<String, Peer> peers = new ConcurrentHashMap<>();
    private final RpcLoops loops;
    private final Clock clock;
    private final Clock.Cancellable sweep;
    private volatile boolean closed;

    Peers(RpcLoops loops, Clock clock) {
        this.loops = loops;
        this.clock = clock;
        this.sweep = clock.every(Duration.ofMinutes(1), this::dropUnused);
    }

    /** For a stream, which keeps the connection until it releases it. */
    Peer acquire(String address) {
        Peer peer = Objects.requireNonNull(peers.compute(address, (key, known) -> {
            Peer one = known == null ? new Peer(address, loops, clock) : known;
            one.acquire();
            return one;
        }));
        if (closed) {
            peer.close(); // made too late for close() to see it; its calls fail, and it never dials
        }
        return peer;
    }

    /** True if the last attempt to connect to that address has failed. */
    boolean down(String address) {
        Peer peer = peers.get(address);
        return peer != null && peer.down();
    }

    /** A channel that may be kept for ever: each call looks up the connection. */
    Channel channel(String address) {
        return new Lasting(address);
    }

    /** Breaks what is under way and returns when the last connection has ended, after 2 s at most. */
    @Override
    public void close() {
        closed = true;
        sweep.cancel();
        peers.values().forEach(Peer::close);
        long end = clock.nanos() + ENDED.toNanos();
        for (Peer peer : peers.values()) {
            if (!peer.awaitEnd(end - clock.nanos())) {
                LOG.warn("the connection to {} did not end within {} ms", peer.address, ENDED.toMillis());
            }
        }
    }

    private void dropUnused() {
        for (String address : peers.keySet()) {
            peers.computeIfPresent(address, (key, peer) -> {
                if (!peer.unusedFor(KEPT)) {
                    return peer;
                }
                peer.close();
                return dropped();
            });
        }
    }

    private static @Nullable Peer dropped() {
        return null;
    }

    private final class Lasting extends Channel {
        private final String address;

        Lasting(String address) {
            this.address = address;
        }

        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            Peer peer = acquire(address);
            try {
                return peer.channel().newCall(method, options);
            } finally {
                peer.release();
            }
        }

        @Override
        public String authority() {
            return address;
        }
    }
}
