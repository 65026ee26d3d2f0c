package io.longwire.keeper.rpc;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.netty.NettyServerBuilder;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.log.FoldedLog;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.RuntimeMetric;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The serving side of a process. Streams run on the rpc loops and must not block; unary calls run on virtual threads,
 * where they may.
 */
public final class RpcServer implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 4 << 20;
    private static final int CALLS_PER_CONNECTION = 2048;

    private final Server server;
    private final ExecutorService unary;
    private final CallCount calls;

    private RpcServer(Server server, ExecutorService unary, CallCount calls) {
        this.server = server;
        this.unary = unary;
        this.calls = calls;
    }

    /** Binds and serves; port 0 takes any free one. Throws IOException if the port is taken. */
    public static RpcServer start(InetSocketAddress address, List<BindableService> services, RpcLoops loops,
            Clock clock, Metrics metrics) throws IOException {
        ExecutorService unary = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("unary-", 0).factory());
        var errors = new HandlerErrors(new FoldedLog(LoggerFactory.getLogger(RpcServer.class), clock),
                metrics.counter(RuntimeMetric.RPC_HANDLER_FAILURES));
        var calls = new CallCount();
        var builder = NettyServerBuilder.forAddress(address).bossEventLoopGroup(loops.group())
                .workerEventLoopGroup(loops.group()).channelType(loops.serverType()).directExecutor()
                .callExecutor(new ByMethod(unary)).withChildOption(ChannelOption.TCP_NODELAY, true)
                .permitKeepAliveTime(5, TimeUnit.SECONDS).permitKeepAliveWithoutCalls(true)
                .keepAliveTime(10, TimeUnit.SECONDS).keepAliveTimeout(3, TimeUnit.SECONDS)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES).maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .addStreamTracerFactory(calls).intercept(errors);
        services.forEach(builder::addService);
        try {
            return new RpcServer(builder.build().start(), unary, calls);
        } catch (IOException | RuntimeException failure) {
            unary.shutdownNow();
            throw failure;
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Calls under way, streams of batches among them. */
    public long calls() {
        return calls.now();
    }

    /** Refuses new calls, gives those under way 300 ms, then breaks the streams: their callers go elsewhere. */
    @Override
    public void close() {
        server.shutdown();
        try {
            server.awaitTermination(300, TimeUnit.MILLISECONDS);
            server.shutdownNow();
            server.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        unary.shutdownNow();
    }

    private record ByMethod(Executor unary) implements ServerCallExecutorSupplier {
        @Override
        public <Q, A> @Nullable Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
            boolean streams = call.getMethodDescriptor().getType() == MethodDescriptor.MethodType.BIDI_STREAMING;
            return streams ? null : unary;
        }
    }
}
