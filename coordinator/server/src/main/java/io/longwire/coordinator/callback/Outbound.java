package io.longwire.coordinator.callback;

import io.longwire.coordinator.callback.Posted.Failed;
import io.longwire.keeper.clock.Clock;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * Requests to product backends: HTTP/1.1 over connections that are kept for the next request of the same app to the
 * same host. A name is looked up once for a connection, and the connection goes to the address that was checked, so
 * that a name cannot show one address to the check and another to the connection; redirects are answers like any other.
 * Called on virtual threads, which it blocks; its two event loops and the threads that look up names it does not.
 */
final class Outbound implements AutoCloseable {
    /** Bytes of an answer's body. */
    static final int MAX_ANSWER = 8 << 10;

    private static final int MAX_LINE = 4 << 10;
    private static final int MAX_HEADERS = 8 << 10;
    private static final int TRIED_ADDRESSES = 3;
    private static final int MOST_CONNECT_MILLIS = 5_000;
    private static final Duration SWEEP = Duration.ofSeconds(5);
    private static final long QUIET_MILLIS = 20; // for what connects just then: see RedisNodes

    private final Addresses addresses;
    private final SslContext tls;
    private final Clock clock;
    private final EventLoopGroup loops;
    private final Names names;
    private final IdleConnections idle;
    private final Clock.Cancellable sweeps;

    Outbound(Addresses addresses, SslContext tls, Clock clock) {
        this.addresses = addresses;
        this.tls = tls;
        this.clock = clock;
        this.names = new Names(InetAddress::getAllByName, clock);
        this.loops = new MultiThreadIoEventLoopGroup(2,
                Thread.ofPlatform().daemon().name("callbacks-io-", 0).factory(), NioIoHandler.newFactory());
        this.idle = new IdleConnections(clock);
        this.sweeps = clock.every(SWEEP, idle::sweep);
    }

    /** Posts it and waits for the whole answer, within this time in all. Never throws. */
    Posted post(Target target, Map<String, String> headers, byte[] body, Duration timeout) {
        long end = clock.nanos() + timeout.toNanos();
        try {
            Connection kept = idle.take(target.connection());
            if (kept != null) {
                Posted posted = exchange(kept, target, headers, body, end);
                if (!stale(posted, kept)) {
                    return posted;
                }
            }
            return exchange(connect(target, end), target, headers, body, end);
        } catch (NoConnection none) {
            return new Failed(none.reason, String.valueOf(none.getMessage()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new Failed(Reason.CUT_OFF, "the coordinator leaves");
        }
    }

    // The other side had closed it while nobody looked: nothing of an answer came.
    private static boolean stale(Posted posted, Connection kept) {
        return posted instanceof Failed failed && failed.reason() == Reason.CUT_OFF && !kept.answers.begun();
    }

    private Posted exchange(Connection connection, Target target, Map<String, String> headers, byte[] body, long end)
            throws InterruptedException {
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, target.path(),
                Unpooled.wrappedBuffer(body));
        request.headers().set(HttpHeaderNames.HOST, target.authority());
        headers.forEach(request.headers()::set);
        request.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        boolean whole = false;
        try {
            Posted posted = connection.answers.ask(connection.channel, request).get(left(end), TimeUnit.NANOSECONDS);
            whole = connection.answers.reusable();
            return posted;
        } catch (TimeoutException late) {
            return new Failed(Reason.TIMEOUT, "no whole answer in time");
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        } finally {
            if (whole) {
                idle.give(target.connection(), connection);
            } else {
                connection.channel.close();
            }
        }
    }

    private Connection connect(Target target, long end) throws NoConnection, InterruptedException {
        InetAddress[] found = names.find(target.app(), target.host(), left(end));
        List<InetAddress> permitted = Arrays.stream(found)
                .filter(address -> addresses.permits(address, target.encrypted())).limit(TRIED_ADDRESSES).toList();
        if (permitted.isEmpty()) {
            throw new NoConnection(Reason.ADDRESS, target.host() + ": "
                    + (found.length == 0 ? "no address" : found[0].getHostAddress())
                    + " (expected: a public address with https, or one of callbacks.allow)");
        }
        String why = "";
        for (InetAddress address : permitted) {
            if (left(end) == 0) {
                throw new NoConnection(Reason.TIMEOUT, target.host() + ": no connection in time" + why);
            }
            var answers = new AnswerHandler();
            SslHandler ssl = target.encrypted()
                    ? tls.newHandler(PooledByteBufAllocator.DEFAULT, target.host(), target.port())
                    : null;
            ChannelFuture connecting = bootstrap(ssl, answers, TimeUnit.NANOSECONDS.toMillis(left(end)))
                    .connect(new InetSocketAddress(address, target.port()));
            @Nullable
            Throwable failure = new IllegalStateException("given up");
            try {
                failure = connecting.await().isSuccess() ? handshake(ssl, end) : connecting.cause();
            } finally {
                if (failure != null) {
                    connecting.channel().close(); // also when it took too long
                }
            }
            if (failure == null) {
                return new Connection(connecting.channel(), answers, clock.nanos());
            }
            why = ", " + address.getHostAddress() + ": " + failure.getMessage();
        }
        throw new NoConnection(Reason.CONNECT, target.host() + why);
    }

    private @Nullable Throwable handshake(@Nullable SslHandler ssl, long end)
            throws InterruptedException, NoConnection {
        if (ssl == null) {
            return null;
        }
        if (!ssl.handshakeFuture().await(left(end), TimeUnit.NANOSECONDS)) {
            throw new NoConnection(Reason.TIMEOUT, "no TLS in time");
        }
        return ssl.handshakeFuture().cause();
    }

    private Bootstrap bootstrap(@Nullable SslHandler ssl, AnswerHandler answers, long leftMillis) {
        return new Bootstrap().group(loops).channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.clamp(leftMillis, 1, MOST_CONNECT_MILLIS))
                .option(ChannelOption.TCP_NODELAY, true).handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (ssl != null) {
                            channel.pipeline().addLast(ssl);
                        }
                        channel.pipeline().addLast(new HttpClientCodec(MAX_LINE, MAX_HEADERS, MAX_ANSWER), answers);
                    }
                });
    }

    private long left(long end) {
        return Math.max(0, end - clock.nanos());
    }

    @Override
    public void close() {
        sweeps.cancel();
        names.close();
        loops.shutdownGracefully(QUIET_MILLIS, 1_000, TimeUnit.MILLISECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
    }

    /** There is no connection. */
    static final class NoConnection extends Exception {
        private static final long serialVersionUID = 1;
        private final Reason reason;

        NoConnection(Reason reason, String text) {
            super(text, null, false, false);
            this.reason = reason;
        }

        Reason reason() {
            return reason;
        }
    }
}
