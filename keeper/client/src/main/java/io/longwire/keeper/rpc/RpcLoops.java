package io.longwire.keeper.rpc;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.RuntimeMetric;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads that carry all gRPC traffic of a process, both ways. Nothing may block them. A batch stream and the
 * connection it runs on share one loop, so its state has one owner.
 */
public final class RpcLoops implements AutoCloseable {
    private static final long QUIET_MILLIS = 20;

    private final EventLoopGroup group;
    private final boolean epoll = Epoll.isAvailable();

    public RpcLoops(String name, int threads) {
        var number = new AtomicInteger();
        ThreadFactory named = task -> Thread.ofPlatform().daemon().name(name + "-rpc-" + number.getAndIncrement())
                .unstarted(task);
        this.group = new MultiThreadIoEventLoopGroup(threads, named,
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /** Has the metrics show from now on how late the loops are and what waits for them. */
    public void show(Clock clock, Metrics metrics) {
        var lags = new ArrayList<LoopLag>();
        var loops = new ArrayList<SingleThreadEventLoop>();
        for (EventExecutor loop : group) {
            lags.add(LoopLag.of(loop, clock));
            loops.add((SingleThreadEventLoop) loop);
        }
        metrics.gauge(RuntimeMetric.RPC_LOOP_LAG, () -> lags.stream().mapToLong(LoopLag::millis).max().orElse(0));
        metrics.gauge(RuntimeMetric.RPC_LOOP_TASKS,
                () -> loops.stream().mapToLong(SingleThreadEventLoop::pendingTasks).sum());
    }

    EventLoopGroup group() {
        return group;
    }

    EventLoop next() {
        return group.next();
    }

    Class<? extends Channel> channelType() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    Class<? extends ServerChannel> serverType() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** Waits for what is queued, and for what a last caller queues while it ends; 2 s at most. */
    @Override
    public void close() {
        group.shutdownGracefully(QUIET_MILLIS, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
