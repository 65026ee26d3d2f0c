package io.longwire.room.transport;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.keeper.service.StartFailure;
import io.longwire.room.accept.Gate;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.phone.RoomLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One listening address. With epoll every loop has a listening socket of its own on it (SO_REUSEPORT) and keeps what
 * it accepts; with NIO one socket deals to all loops.
 */
public final class DeviceListener implements AutoCloseable {
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(8 * 1024, 32 * 1024);
    /** One for all channels: an adaptive one each would be 72 bytes a phone, and phones send little. */
    private static final FixedRecvByteBufAllocator READS = new FixedRecvByteBufAllocator(2048);
    private static final int BACKLOG = 4096;
    private static final int HANDSHAKE_SECONDS = 8;

    private final ListenerConfig config;
    private final List<Channel> sockets = new ArrayList<>();
    private final int port;

    private DeviceListener(ListenerConfig config, EventLoops loops, ChannelInitializer<Channel> phones) {
        this.config = config;
        int wanted = Epoll.isAvailable() ? loops.count() : 1;
        int boundPort = config.port();
        checkFree();
        for (int i = 0; i < wanted; i++) {
            Channel socket = bind(loops, i, boundPort, phones);
            sockets.add(socket);
            boundPort = ((InetSocketAddress) socket.localAddress()).getPort();
        }
        port = boundPort;
    }

    /** Listens from now on. Throws StartFailure if the address cannot be had. */
    public static DeviceListener bind(ListenerConfig config, EventLoops loops, RoomLoops logic, Gate gate,
            Tls common, Metrics metrics) {
        LiveTls tls = config.kind() == ListenerConfig.Kind.TLS
                ? common.open(config.certificate(), config.key())
                : null;
        return new DeviceListener(config, loops, new Phones(config, loops, logic, gate,
                metrics.counter(RoomMetric.TRANSPORT_ERRORS), tls));
    }

    /** As others are told: tcp://host:port. */
    public String address() {
        return config.kind().name().toLowerCase(Locale.ROOT) + "://" + config.advertise() + ":" + port;
    }

    public int port() {
        return port;
    }

    /** Stops accepting; what was accepted stays. */
    @Override
    public void close() {
        sockets.forEach(socket -> socket.close().awaitUninterruptibly(1, TimeUnit.SECONDS));
    }

    /** SO_REUSEPORT would let us share a port with another process of the same user: not meant. */
    private void checkFree() {
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(config.bind(), config.port()));
        } catch (IOException taken) {
            throw notBound(config.port(), taken);
        }
    }

    private StartFailure notBound(int onPort, Throwable cause) {
        return new StartFailure("listen: " + config.bind() + ":" + onPort
                + " (expected: an address of this host that is free, " + cause.getMessage() + ")", cause);
    }

    private Channel bind(EventLoops loops, int index, int onPort, ChannelInitializer<Channel> phones) {
        // TCP_NODELAY is Netty's default; naming it here would cost a system call per phone.
        var bootstrap = new ServerBootstrap().option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, READS).childHandler(phones);
        if (Epoll.isAvailable()) {
            bootstrap.group(loops.at(index)).channel(EpollServerSocketChannel.class)
                    .option(EpollChannelOption.SO_REUSEPORT, index > 0 || loops.count() > 1);
        } else {
            bootstrap.group(loops.at(0), loops.all()).channel(NioServerSocketChannel.class);
        }
        var bound = bootstrap.bind(config.bind(), onPort).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            throw notBound(onPort, bound.cause());
        }
        return bound.channel();
    }

    private static final class Phones extends ChannelInitializer<Channel> implements ChannelLink.Shared {
        private final ListenerConfig config;
        private final EventLoops loops;
        private final RoomLoops logic;
        private final Gate gate;
        private final Counter errors;
        private final @Nullable LiveTls tls;

        Phones(ListenerConfig config, EventLoops loops, RoomLoops logic, Gate gate, Counter errors,
                @Nullable LiveTls tls) {
            this.config = config;
            this.loops = loops;
            this.logic = logic;
            this.gate = gate;
            this.errors = errors;
            this.tls = tls;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (config.balancers().isEmpty()) {
                addLink(channel);
            } else if (config.balancers().stream().anyMatch(block -> block.contains(remote(channel)))) {
                channel.pipeline().addLast(new HAProxyMessageDecoder(),
                        new ProxyHeader(gate, () -> addLink(channel)));
            } else {
                gate.refusedByProxy();
                channel.close();
            }
        }

        private void addLink(Channel channel) {
            ChannelPipeline pipeline = channel.pipeline();
            if (tls != null) {
                SslHandler handler = tls.context().newHandler(channel.alloc());
                handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
                pipeline.addLast(handler);
            }
            pipeline.addLast(new ChannelLink(this, logic.at(loops.indexOf(channel.eventLoop()))));
        }

        @Override
        public Gate gate() {
            return gate;
        }

        @Override
        public byte[] address(Channel channel) {
            byte[] behind = channel.hasAttr(ProxyHeader.ADDRESS) ? channel.attr(ProxyHeader.ADDRESS).get() : null;
            return behind == null ? remote(channel) : behind;
        }

        private static byte[] remote(Channel channel) {
            return channel.remoteAddress() instanceof InetSocketAddress address && address.getAddress() != null
                    ? address.getAddress().getAddress()
                    : new byte[4];
        }

        @Override
        public void onError(Throwable error) {
            errors.increment();
        }
    }
}
