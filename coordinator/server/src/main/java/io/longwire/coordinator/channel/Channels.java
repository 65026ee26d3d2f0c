package io.longwire.coordinator.channel;

import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.channel.ChannelStore.Joined;
import io.longwire.coordinator.client.Partitions;
import io.longwire.coordinator.redis.RedisNodes;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Bound;
import io.longwire.keeper.metrics.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * The channels that have takers here. Calls come from any thread and are handed to the loop, which owns everything. A
 * channel whose last taker was a poll stays for a while, so that its leases do not come and go with each call.
 */
public final class Channels implements AutoCloseable {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration EXPIRY = Duration.ofMillis(200);
    private static final Duration LINGER = Duration.ofSeconds(15);
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final ChannelStore store;
    private final Live<ChannelConfig> config;
    private final Duration lease;
    private final Loop loop;
    private final Clock clock;
    private final Channel.Tools tools;
    private final AtomicInteger takers = new AtomicInteger();
    private final List<Clock.Cancellable> timers = new ArrayList<>();
    private final Map<ChannelName, Channel> channels = new HashMap<>(); // owned by the loop
    private volatile int leases;
    private volatile boolean closed;

    /**
     * @param config may change, all but the lease
     * @param self the name of this instance, another after each start
     */
    public Channels(ChannelStore store, Live<ChannelConfig> config, String self, Loop loop, Clock clock,
            Metrics metrics) {
        this.store = store;
        this.config = config;
        this.lease = config.get().lease();
        this.loop = loop;
        this.clock = clock;
        this.tools = new Channel.Tools(store, self, lease, loop, clock, metrics, this::forget);
        metrics.gauge(CoordinatorMetric.LEASES, () -> leases);
        metrics.gauge(CoordinatorMetric.STREAMS, takers::get);
        tell(config.get(), metrics);
        config.onChange(now -> tell(now, metrics));
    }

    private static void tell(ChannelConfig now, Metrics metrics) {
        metrics.bound(Bound.of(CoordinatorMetric.STREAMS, now.maxTakers(), CoordinatorMetric.STREAMS_FULL));
        metrics.bound(Bound.ofEach(now.deadBytesPerApp(), CoordinatorMetric.DEAD_PUSHED_OUT, "bound", "bytes"));
    }

    /** Begins to listen and to look around. */
    public Channels start(RedisNodes redis) {
        redis.listen((partition, message) -> loop.execute(() -> heard(partition, message)));
        timers.add(clock.every(TICK, () -> loop.execute(() -> each(Channel::tick))));
        timers.add(clock.every(lease.dividedBy(3), () -> loop.execute(() -> each(Channel::round))));
        timers.add(clock.every(EXPIRY, () -> loop.execute(this::expire)));
        return this;
    }

    public Loop loop() {
        return loop;
    }

    public Clock clock() {
        return clock;
    }

    public ChannelStore store() {
        return store;
    }

    /** As it is now. */
    public ChannelConfig config() {
        return config.get();
    }

    /**
     * Makes the channel if there is none, and lets the taker take. Completes on the loop; fails with {@link Refusal}
     * or {@link io.longwire.coordinator.redis.StoreFailure}. Whoever attached detaches once.
     */
    public CompletableFuture<Void> attach(ChannelName name, Taker taker) {
        return attach(name, taker, true);
    }

    /** The same with a channel that is there: if it is not, the taker ends as if it had been deleted. */
    public CompletableFuture<Void> attachThere(ChannelName name, Taker taker) {
        return attach(name, taker, false);
    }

    private CompletableFuture<Void> attach(ChannelName name, Taker taker, boolean make) {
        if (closed || takers.incrementAndGet() > config().maxTakers()) {
            if (!closed) {
                takers.decrementAndGet();
            }
            tools.metrics().counter(CoordinatorMetric.STREAMS_FULL).increment();
            return CompletableFuture.failedFuture(new Refusal(Refusal.Why.BUSY,
                    closed ? "coordinator: leaves (expected: another one)" : "streams: too many here"));
        }
        return CompletableFuture.supplyAsync(() -> channels.get(name), loop).thenCompose(
                known -> known == null && make ? make(name) : CompletableFuture.<Void>completedFuture(null))
                .thenRunAsync(() -> channels.computeIfAbsent(name, any -> new Channel(name, tools)).add(taker), loop)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        takers.decrementAndGet();
                    }
                });
    }

    /** The taker has left. On the loop. */
    public void detach(ChannelName name, Taker taker) {
        assert loop.here();
        takers.decrementAndGet();
        Channel channel = channels.get(name);
        if (channel == null) {
            return;
        }
        channel.remove(taker);
        if (channel.idle()) {
            if (taker.poll()) {
                clock.schedule(LINGER, () -> loop.execute(() -> leaveIfIdle(channel)));
            } else {
                leaveIfIdle(channel);
            }
        }
    }

    /** An event is no longer in flight at the taker. On the loop. */
    public void landed(ChannelName name, int partition, Taker taker) {
        landed(name, partition, taker, 1);
    }

    /** So many of one partition are no longer in flight at the taker. On the loop. */
    public void landed(ChannelName name, int partition, Taker taker, int events) {
        Channel channel = channels.get(name);
        if (channel != null) {
            channel.landed(partition, taker, events);
        }
    }

    /** A taker takes more than before. On the loop. */
    public void refresh(ChannelName name) {
        Channel channel = channels.get(name);
        if (channel != null) {
            channel.refresh();
        }
    }

    /** There may be something to give, now or after a while. On the loop. */
    public void wake(ChannelName name, int partition, long afterMillis) {
        Channel channel = channels.get(name);
        if (channel != null) {
            channel.wake(partition, afterMillis);
        }
    }

    /** The channel was deleted: its takers here end. Any thread. */
    public void deleted(ChannelName name) {
        loop.execute(() -> forget(name));
    }

    // Whoever asks for it from now on makes it anew.
    private void forget(ChannelName name) {
        Channel channel = channels.remove(name);
        if (channel != null) {
            channel.takers().forEach(taker -> taker.end(true));
            channel.leave();
        }
    }

    /** Makes the channel if there is none; fails as {@link #attach} does. Any thread. */
    public CompletableFuture<Void> make(ChannelName name) {
        var joins = new ArrayList<CompletableFuture<Joined>>(Partitions.COUNT);
        for (int p = 0; p < Partitions.COUNT; p++) {
            joins.add(store.join(p, name));
        }
        return CompletableFuture.allOf(joins.toArray(CompletableFuture[]::new)).thenAccept(all -> {
            for (CompletableFuture<Joined> join : joins) {
                switch (join.join()) {
                    case TOO_MANY_CHANNELS -> throw new Refusal(Refusal.Why.LIMIT, "channel: " + name.channel()
                            + " (expected: at most " + config().channelsPerType() + " channels of a type)");
                    case TOO_MANY_TYPES -> throw new Refusal(Refusal.Why.LIMIT,
                            "type: " + name.type() + " (expected: one of the app's; it has as many as it may)");
                    case THERE, MADE -> {
                    }
                }
            }
        });
    }

    private void leaveIfIdle(Channel channel) {
        if (channel.idle() && channels.get(channel.name()) == channel) {
            channels.remove(channel.name());
            channel.leave();
        }
    }

    // "e:app:type": something new in a partition. "i:app:type:channel": the coordinators that have takers changed.
    private void heard(String wake, String message) {
        Integer partition = number(wake.substring(wake.indexOf(':') + 1));
        if (partition == null || message.length() < 2) {
            return;
        }
        String text = message.substring(2);
        for (Channel channel : channels.values()) {
            if (message.charAt(0) == 'e' && channel.name().kind().equals(text)) {
                channel.wake(partition, 0);
            } else if (message.charAt(0) == 'i' && channel.name().text().equals(text)) {
                channel.round();
            }
        }
    }

    private static @Nullable Integer number(String text) {
        return text.matches("\\d{1,2}") ? Integer.valueOf(text) : null;
    }

    private void expire() {
        long now = clock.nanos();
        each(channel -> channel.takers().forEach(taker -> taker.expire(now)));
        int held = 0;
        for (Channel channel : channels.values()) {
            held += channel.leases();
        }
        leases = held;
    }

    private void each(java.util.function.Consumer<Channel> work) {
        List.copyOf(channels.values()).forEach(work);
    }

    /** Ends all takers, gives the leases back; a second at most. */
    @Override
    public void close() {
        closed = true;
        timers.forEach(Clock.Cancellable::cancel);
        var goodbye = new CompletableFuture<Void>();
        loop.execute(() -> {
            each(channel -> channel.takers().forEach(taker -> taker.end(false)));
            var all = new ArrayList<CompletableFuture<?>>();
            channels.values().forEach(channel -> all.add(channel.leave()));
            channels.clear();
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                    .whenComplete((done, failure) -> goodbye.complete(null));
        });
        goodbye.completeOnTimeout(null, GOODBYE.toMillis(), TimeUnit.MILLISECONDS).join();
    }
}
