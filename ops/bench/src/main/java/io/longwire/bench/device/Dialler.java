package io.longwire.bench.device;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects the devices of one loop: at a rate, or as fast as {@code inFlight} logins at once allow. A login that fails
 * is tried again after a while, and counted. Owned by the loop.
 */
final class Dialler {
    private static final long TICK_MICROS = 1000;
    private static final long RETRY_MILLIS = 250;
    private static final int READ_BYTES = 8192;
    private static final int CONNECT_MILLIS = 10_000;

    private final DeviceLoop owner;
    private final EventLoop loop;
    private final FleetOptions options;
    private final @Nullable SslContext tls;
    private final ArrayDeque<Device> waiting = new ArrayDeque<>();
    private int left;
    private int open;
    private int inFlight;
    private double perTick;
    private double owed;
    private int round;
    private long retryMillis = RETRY_MILLIS;

    Dialler(DeviceLoop owner, EventLoop loop, FleetOptions options) {
        this.owner = owner;
        this.loop = loop;
        this.options = options;
        this.tls = options.tls() ? AnyCertificate.client() : null;
    }

    /** Logins that are not done. */
    int left() {
        return left;
    }

    void dial(List<Device> devices, double ratePerSecond, int mostInFlight) {
        stop();
        waiting.addAll(devices);
        left = devices.size();
        inFlight = mostInFlight;
        perTick = ratePerSecond * TICK_MICROS / 1e6;
        owed = 0;
        if (ratePerSecond > 0) {
            int mine = round;
            long began = owner.nanos();
            loop.execute(() -> tick(mine, began));
        } else {
            owed = Double.MAX_VALUE;
            go();
        }
    }

    /** One more, at once. */
    void dialOne(Device device) {
        open++;
        connect(device);
    }

    void stop() {
        round++;
        waiting.clear();
        left = 0;
    }

    void done(Device device) {
        open--;
        left = Math.max(0, left - 1);
        retryMillis = RETRY_MILLIS;
        go();
    }

    /** What the room asked for with its last refusal. */
    void retryAfter(long millis) {
        retryMillis = Math.clamp(millis, RETRY_MILLIS, 10_000);
    }

    void failed(Device device, boolean again) {
        open--;
        int mine = round;
        if (again && left > 0) {
            loop.schedule(() -> {
                if (mine == round) {
                    waiting.add(device);
                    go();
                }
            }, retryMillis, TimeUnit.MILLISECONDS);
        }
        go();
    }

    private void tick(int mine, long last) {
        if (mine != round || left == 0) {
            return;
        }
        long now = owner.nanos();
        owed = Math.min(owed + perTick * (now - last) / (TICK_MICROS * 1000.0), Math.max(1, perTick * 100));
        go();
        loop.schedule(() -> tick(mine, now), TICK_MICROS, TimeUnit.MICROSECONDS);
    }

    private void go() {
        while (owed >= 1 && open < inFlight && !waiting.isEmpty()) {
            owed -= 1;
            open++;
            connect(waiting.removeFirst());
        }
    }

    private void connect(Device device) {
        var channel = new EpollSocketChannel();
        var config = channel.config();
        config.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(READ_BYTES));
        config.setTcpNoDelay(true).setConnectTimeoutMillis(CONNECT_MILLIS);
        config.setOption(ChannelOption.SO_REUSEADDR, true);
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        channel.pipeline().addLast(device);
        device.began(channel, owner.nanos());
        int index = device.number();
        loop.register(channel).addListener(registered -> {
            if (registered.isSuccess()) {
                connect(device, channel, index);
            } else {
                device.ended("register: " + registered.cause());
            }
        });
    }

    private void connect(Device device, Channel channel, int index) {
        InetSocketAddress own = device.room();
        InetSocketAddress room = own == null ? options.rooms().get(index % options.rooms().size()) : own;
        var connecting = options.sources() == 0
                ? channel.connect(room)
                : channel.connect(room, source(index % options.sources()));
        connecting.addListener(connected -> {
            if (!connected.isSuccess()) {
                channel.close();
                device.ended("connect: " + connected.cause().getClass().getSimpleName());
            }
        });
    }

    private static InetSocketAddress source(int n) {
        return new InetSocketAddress("127." + (n + 1) % 256 + ".0.1", 0);
    }
}
