package io.longwire.room.transport;

import io.longwire.room.phone.PhoneLoop;
import io.longwire.room.phone.RoomLoops;
import io.longwire.room.session.Loop;
import io.longwire.room.session.LoopThread;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/** The threads of the room: Netty event loops on epoll, on NIO where there is no epoll. Thread-safe. */
public final class EventLoops implements AutoCloseable {
    private final EventLoopGroup group;
    private final List<EventLoop> loops = new ArrayList<>();
    private final AtomicLongArray lagMillis;

    private EventLoops(int threads) {
        var factory = new DefaultThreadFactory("room-loop", true);
        group = new MultiThreadIoEventLoopGroup(threads, factory,
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        for (EventExecutor executor : group) {
            loops.add((EventLoop) executor);
        }
        lagMillis = new AtomicLongArray(threads);
    }

    public static EventLoops start(int threads) {
        return new EventLoops(threads);
    }

    /** The loops as the room's logic knows them. */
    public List<LoopThread> threads() {
        return loops.stream().<LoopThread>map(NettyThread::new).toList();
    }

    /** Gives each logic its tick. */
    public void tick(RoomLoops logic) {
        for (int i = 0; i < loops.size(); i++) {
            tick(i, logic.at(i));
        }
    }

    /** How late the slowest loop ran its last tick. */
    public long lagMillis() {
        return LongStream.range(0, lagMillis.length()).map(i -> lagMillis.get((int) i)).max().orElse(0);
    }

    EventLoop at(int index) {
        return loops.get(index);
    }

    EventLoopGroup all() {
        return group;
    }

    int count() {
        return loops.size();
    }

    /** The index of the loop that a channel was registered with. */
    int indexOf(EventLoop loop) {
        return loops.indexOf(loop);
    }

    private void tick(int index, PhoneLoop logic) {
        long period = TimeUnit.MILLISECONDS.toNanos(Loop.TICK_MILLIS);
        var due = new long[]{logic.loop().clock().nanos() + period};
        loops.get(index).scheduleAtFixedRate(() -> {
            long now = logic.loop().clock().nanos();
            lagMillis.lazySet(index, Math.max(0, TimeUnit.NANOSECONDS.toMillis(now - due[0])));
            due[0] = Math.max(due[0], now - period) + period;
            logic.tick();
        }, Loop.TICK_MILLIS, Loop.TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private record NettyThread(EventLoop loop) implements LoopThread {
        @Override
        public void execute(Runnable task) {
            loop.execute(task);
        }

        @Override
        public void later(Runnable task) {
            loop.schedule(task, 0, TimeUnit.NANOSECONDS); // after the next look at the sockets
        }

        @Override
        public boolean here() {
            return loop.inEventLoop();
        }
    }
}
