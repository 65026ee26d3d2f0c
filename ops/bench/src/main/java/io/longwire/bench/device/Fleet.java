package io.longwire.bench.device;

import io.longwire.keeper.clock.Clock;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;

/** All devices of this process. Called by one thread, which it makes wait; the work is done by the loops. */
final class Fleet implements AutoCloseable {
    private static final long STEP_NANOS = 1_000_000;

    private final FleetOptions options;
    private final Clock clock;
    private final MultiThreadIoEventLoopGroup group;
    private final List<DeviceLoop> loops = new ArrayList<>();

    Fleet(FleetOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
        this.group = new MultiThreadIoEventLoopGroup(options.loops(), EpollIoHandler.newFactory());
        for (EventExecutor loop : group) {
            loops.add(new DeviceLoop((EventLoop) loop, options, clock));
        }
        for (int device = 0; device < options.devices(); device++) {
            loops.get(device % loops.size()).add(device * options.perConnection());
        }
    }

    /**
     * Logs in until so many devices are online, and waits for it.
     *
     * @param ratePerSecond 0 = as fast as {@code inFlight} logins at once allow
     * @return nanoseconds it took; the patience, in seconds, may have ended first
     */
    long connect(int devices, double ratePerSecond, int inFlight, long patienceSeconds) {
        long began = clock.nanos();
        each(loop -> loop.connect(share(devices, loop), ratePerSecond / loops.size(),
                Math.max(1, inFlight / loops.size())));
        waitUntil(() -> sum(DeviceLoop::dialling) == 0, patienceSeconds);
        return clock.nanos() - began;
    }

    /** Ends connections until so many are left, and waits for it. */
    void end(int devices, boolean tellRoom, long patienceSeconds) {
        each(loop -> loop.end(share(devices, loop), tellRoom));
        waitUntil(() -> online() <= devices, patienceSeconds);
    }

    /**
     * Logs in those of the share that are offline, and waits for it.
     *
     * @param rooms where, in turn, and from now on; empty = where they were
     * @return nanoseconds it took; the patience, in seconds, may have ended first
     */
    long join(Share share, List<InetSocketAddress> rooms, double ratePerSecond, int inFlight, long patienceSeconds) {
        long began = clock.nanos();
        each(loop -> loop.join(share, rooms, ratePerSecond / loops.size(), Math.max(1, inFlight / loops.size())));
        waitUntil(() -> sum(DeviceLoop::dialling) == 0, patienceSeconds);
        return clock.nanos() - began;
    }

    /** Ends the connections of the share, and waits for it. Logins that are under way are given up. */
    void end(Share share, boolean tellRoom, long patienceSeconds) {
        each(loop -> loop.end(share, tellRoom));
        waitUntil(() -> sum(loop -> loop.connected(share)) == 0, patienceSeconds);
    }

    /** Waits until this broadcast has come to so many endpoints. */
    boolean awaitBroadcast(long sequence, long endpoints, long patienceSeconds) {
        return waitUntil(() -> sum(loop -> (int) loop.tally().broadcasts.received(sequence)) >= endpoints,
                patienceSeconds);
    }

    void pingEvery(long millis) {
        each(loop -> loop.pingEvery(millis));
    }

    /** Each device sends an uplink of this size every so many milliseconds; 0 = no more. */
    void uplinkEvery(long millis, int size) {
        each(loop -> loop.uplinks().every(millis, size));
    }

    /** Devices follow a room's GOAWAY and come back by themselves, or do not. */
    void roam(boolean on) {
        each(loop -> loop.roam(on));
    }

    /** Devices keep the ids of their messages and show each once, as the SDK does, or show whatever comes. */
    void remember(boolean on) {
        each(loop -> loop.remember(on));
    }

    void pingFlatOut() {
        each(DeviceLoop::pingFlatOut);
    }

    /** Forgets what was counted; from now on messages of this run count. */
    void reset(int run) {
        each(loop -> loop.tally().reset(run));
    }

    /** Waits until so many different messages of the run have come; false when the patience ended first. */
    boolean await(long unique, long patienceSeconds) {
        return waitUntil(() -> sum(loop -> (int) Math.min(Integer.MAX_VALUE, loop.tally().unique)) >= unique,
                patienceSeconds);
    }

    /** Waits until so many pushes have come, the same message to several endpoints counted each time. */
    boolean awaitPushes(long pushes, long patienceSeconds) {
        return waitUntil(() -> sum(loop -> (int) Math.min(Integer.MAX_VALUE, loop.tally().pushes)) >= pushes,
                patienceSeconds);
    }

    int online() {
        return sum(DeviceLoop::online);
    }

    Tally tally() {
        var all = new Tally();
        for (DeviceLoop loop : loops) {
            all.add(ask(loop, asked -> asked.tally().copy()));
        }
        return all;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private int share(int devices, DeviceLoop loop) {
        int index = loops.indexOf(loop);
        return devices / loops.size() + (index < devices % loops.size() ? 1 : 0);
    }

    private void each(Consumer<DeviceLoop> task) {
        for (DeviceLoop loop : loops) {
            ask(loop, asked -> {
                task.accept(asked);
                return true;
            });
        }
    }

    private int sum(Function<DeviceLoop, Integer> count) {
        int sum = 0;
        for (DeviceLoop loop : loops) {
            sum += ask(loop, count);
        }
        return sum;
    }

    private static <T> T ask(DeviceLoop loop, Function<DeviceLoop, T> question) {
        return CompletableFuture.supplyAsync(() -> question.apply(loop), loop.eventLoop()).join();
    }

    private boolean waitUntil(java.util.function.BooleanSupplier condition, long patienceSeconds) {
        long end = clock.nanos() + patienceSeconds * 1_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (clock.nanos() - end > 0) {
                return false;
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
        return true;
    }

    FleetOptions options() {
        return options;
    }
}
