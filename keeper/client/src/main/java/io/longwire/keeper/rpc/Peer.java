package io.longwire.keeper.rpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.longwire.keeper.clock.Clock;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connection to one other process and what is known of its state. While the last attempt to connect has failed the
 * peer is {@link #down}, calls are refused at once, and a new attempt follows after 50 ms to 3 s. Thread-safe.
 */
final class Peer {
    private static final int MAX_MESSAGE_BYTES = 4 << 20;
    private static final int CONNECT_MILLIS = 2000;
    private static final int BUFFERED_BYTES = 256 << 10;

    final String address;
    final EventLoop loop;
    private final Clock clock;
    private final ManagedChannel channel;
    private final Backoff backoff = new Backoff();
    private final AtomicInteger users = new AtomicInteger();
    private volatile boolean down;
    private volatile long usedNanos;

    Peer(String address, RpcLoops loops, Clock clock) {
        this.address = address;
        this.loop = loops.next();
        this.clock = clock;
        this.usedNanos = clock.nanos();
        this.channel = NettyChannelBuilder.forTarget("dns:///" + address).eventLoopGroup(loop)
                .channelType(loops.channelType()).directExecutor().usePlaintext().disableRetry()
                .disableServiceConfigLookUp().proxyDetector(target -> null)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .withOption(ChannelOption.TCP_NODELAY, true).keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(3, TimeUnit.SECONDS).keepAliveWithoutCalls(true)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES).idleTimeout(30, TimeUnit.MINUTES).build();
        watch(ConnectivityState.IDLE);
    }

    ManagedChannel channel() {
        usedNanos = clock.nanos();
        return channel;
    }

    /** True while the last attempt to connect has failed. */
    boolean down() {
        return down;
    }

    <Q, A> ClientCall<Q, A> open(MethodDescriptor<Q, A> method) {
        return channel().newCall(method, CallOptions.DEFAULT.withOnReadyThreshold(BUFFERED_BYTES));
    }

    void acquire() {
        users.incrementAndGet();
    }

    void release() {
        usedNanos = clock.nanos();
        users.decrementAndGet();
    }

    boolean unusedFor(Duration time) {
        return users.get() == 0 && clock.nanos() - usedNanos > time.toNanos();
    }

    /** Breaks what is under way; the connection may still be ending. */
    void close() {
        channel.shutdownNow();
    }

    /** Waits until nothing of a closed connection runs on its loop any more; false if it still does after so long. */
    boolean awaitEnd(long nanos) {
        try {
            return channel.awaitTermination(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // gRPC itself would wait up to two minutes between attempts and has no setting for it.
    private void watch(ConnectivityState seen) {
        channel.notifyWhenStateChanged(seen, () -> {
            ConnectivityState now = channel.getState(false);
            if (now == ConnectivityState.READY) {
                down = false;
                backoff.reset();
            } else if (now == ConnectivityState.TRANSIENT_FAILURE) {
                down = true;
                retryLater();
            }
            if (now != ConnectivityState.SHUTDOWN) {
                watch(now);
            }
        });
    }

    private void retryLater() {
        clock.schedule(Duration.ofNanos(backoff.nextNanos()), () -> {
            if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE && !unusedFor(Duration.ofMinutes(1))) {
                channel.resetConnectBackoff();
                retryLater();
            }
        });
    }
}
