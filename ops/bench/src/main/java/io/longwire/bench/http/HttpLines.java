package io.longwire.bench.http;

import io.longwire.keeper.service.StartFailure;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Keep-alive connections to one HTTP server. {@link #send} takes an idle one, waiting for it if need be, so the number
 * of connections is the number of requests in flight. Thread-safe. A connection that breaks fails its request and is
 * not replaced.
 */
public final class HttpLines implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<ChannelHandlerContext> idle;
    private final String host;

    /**
     * Connects.
     *
     * @param base "http://host:port"
     * @param sources loopback addresses to come from in turn, 127.1.0.1, 127.2.0.1 ...; 0 = the usual one
     */
    public HttpLines(String base, int connections, int sources) {
        URI uri = URI.create(base);
        this.host = uri.getAuthority();
        this.idle = new ArrayBlockingQueue<>(connections);
        var bootstrap = new Bootstrap().group(group).channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true).handler(new PerChannel());
        var address = new InetSocketAddress(uri.getHost(), uri.getPort());
        for (int i = 0; i < connections; i++) {
            var source = sources == 0 ? null : new InetSocketAddress("127." + (i % sources + 1) + ".0.1", 0);
            var connected = bootstrap.connect(address, source).awaitUninterruptibly();
            if (!connected.isSuccess()) {
                close();
                throw new StartFailure(base + ": " + connected.cause().getMessage(), connected.cause());
            }
            idle.add(connected.channel().pipeline().context(HttpLine.class));
        }
    }

    private static final class PerChannel extends io.netty.channel.ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new HttpLine());
        }
    }

    /** A whole request; {@code headers} are lines that end with CRLF. */
    public byte[] request(String method, String path, String headers, byte[] body) {
        String head = method + ' ' + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers
                + (body.length > 0 || method.equals("POST") ? "Content-Length: " + body.length + "\r\n" : "") + "\r\n";
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[start.length + body.length];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(body, 0, whole, start.length, body.length);
        return whole;
    }

    /** Sends a request of {@link #request} on an idle connection; blocks until there is one. */
    public CompletableFuture<HttpReply> send(byte[] request) {
        var promise = new CompletableFuture<HttpReply>();
        try {
            ChannelHandlerContext ctx = idle.take();
            promise.whenComplete((_, failure) -> {
                if (failure == null) {
                    idle.add(ctx);
                }
            });
            ctx.executor().execute(() -> ((HttpLine) ctx.handler()).request(ctx, request, promise));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            promise.completeExceptionally(stopped);
        }
        return promise;
    }

    List<ChannelHandlerContext> takeAll() {
        var all = new ArrayList<ChannelHandlerContext>();
        idle.drainTo(all);
        return all;
    }

    void giveBack(List<ChannelHandlerContext> taken) {
        taken.stream().filter(ctx -> ctx.channel().isActive()).forEach(idle::add);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
