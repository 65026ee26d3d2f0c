package io.longwire.coordinator.callback;

import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.channel.Channels;
import io.longwire.coordinator.channel.Given;
import io.longwire.coordinator.channel.Loop;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.log.FoldedLog;
import io.longwire.keeper.metrics.Bound;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.coordinator.Callback;
import io.longwire.rpc.coordinator.Event;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLException;

import org.slf4j.LoggerFactory;

/**
 * The callbacks of this coordinator: every second it looks whether they were changed, and has a sender for each. Which
 * partitions a sender takes is up to its channel, which shares them with the other coordinators. What it has is owned
 * by the loop of the channels.
 */
public final class Callbacks implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration GOODBYE = Duration.ofSeconds(1);
    private static final long UNKNOWN = -1;

    private final CallbackStore store;
    private final Live<CallbackConfig> config;
    private final Loop loop;
    private final Clock.Cancellable looks;
    private final Requests requests;
    private final Sender.Tools tools;
    private final AppGate.Places places;
    private final Map<ChannelName, Sender> senders = new HashMap<>();
    private final Map<Integer, AppGate> gates = new HashMap<>();
    private final Set<ChannelName> unmade = new HashSet<>();
    private long seen = UNKNOWN;
    private boolean looking;
    private boolean closed;
    private volatile int open;

    /**
     * Begins to look.
     *
     * @param config may change, all but the networks to which requests may go
     * @param events as consumers see them
     * @param replier takes what backends answer to requests
     * @param observer hears of every request
     */
    public Callbacks(CallbackStore store, Live<CallbackConfig> config, Channels channels, Function<Given, Event> events,
            Replier replier, CallbackObserver observer, Metrics metrics) {
        this.store = store;
        this.config = config;
        this.loop = channels.loop();
        Clock clock = channels.clock();
        this.places = new AppGate.Places(() -> config.get().maxInFlight());
        this.requests = new Requests(new Outbound(new Addresses(config.get().allow()), tls(), clock), events, replier,
                clock);
        this.tools = new Sender.Tools(channels, config::get, requests, this::deleted, observer, metrics,
                new FoldedLog(LoggerFactory.getLogger(Callbacks.class), clock));
        metrics.gauge(CoordinatorMetric.CALLBACKS_IN_FLIGHT, places::taken);
        tell(config.get(), metrics);
        config.onChange(now -> tell(now, metrics));
        metrics.gauge(CoordinatorMetric.CALLBACK_BREAKERS_OPEN, () -> open);
        this.looks = clock.every(LOOK, () -> loop.execute(this::look));
    }

    private static void tell(CallbackConfig now, Metrics metrics) {
        metrics.bound(Bound.of(CoordinatorMetric.CALLBACKS_IN_FLIGHT, now.maxInFlight(), null));
    }

    private void look() {
        long now = tools.channels().clock().nanos();
        open = (int) gates.values().stream().filter(gate -> gate.breaker().state(now) != Breaker.State.CLOSED).count();
        if (looking || closed) {
            return;
        }
        looking = true;
        store.changes().thenCompose(changes -> changes == seen
                ? CompletableFuture.completedFuture(new CallbackStore.All(UNKNOWN, Map.of()))
                : store.all()).whenCompleteAsync((all, failure) -> {
                    looking = false;
                    if (failure == null && all.changes() != UNKNOWN && !closed) {
                        seen = all.changes();
                        follow(all.callbacks());
                    }
                }, loop);
    }

    private void follow(Map<ChannelName, Callback> wanted) {
        for (ChannelName name : List.copyOf(senders.keySet())) {
            Callback now = wanted.get(name);
            if (now == null) {
                drop(name);
            } else if (!now.equals(sender(name).settings())) {
                sender(name).settings(now);
            }
        }
        unmade.retainAll(wanted.keySet());
        wanted.forEach((name, callback) -> {
            if (!senders.containsKey(name)) {
                begin(name, callback);
            }
        });
        gates.values().removeIf(gate -> gate.senders().isEmpty());
    }

    private void begin(ChannelName name, Callback callback) {
        AppGate gate = gates.computeIfAbsent(name.app(),
                app -> new AppGate(() -> config.get().perApp(), places, new Breaker(() -> config.get().breaker()),
                        loop));
        var sender = new Sender(name, callback, gate, tools);
        senders.put(name, sender);
        sender.start(unmade.remove(name)).whenCompleteAsync((done, failure) -> {
            if (failure != null && senders.get(name) == sender) {
                tools.log().warn("a callback of app " + name.app() + " cannot begin and will be tried again", failure);
                drop(name);
                seen = UNKNOWN;
            }
        }, loop);
    }

    private void drop(ChannelName name) {
        Sender sender = senders.remove(name);
        if (sender != null) {
            sender.stop();
        }
    }

    private Sender sender(ChannelName name) {
        Sender sender = senders.get(name);
        if (sender == null) {
            throw new IllegalStateException("sender: " + name + " (expected: there)");
        }
        return sender;
    }

    // Its callback is gone too, unless the store has lost the channel alone: only a look after this may make it anew.
    private void deleted(ChannelName name) {
        senders.remove(name);
        unmade.add(name);
        seen = UNKNOWN;
    }

    private static SslContext tls() {
        try {
            return SslContextBuilder.forClient().sslProvider(SslProvider.JDK).endpointIdentificationAlgorithm("HTTPS")
                    .build();
        } catch (SSLException broken) {
            throw new IllegalStateException("TLS: cannot be had (expected: every Java has it)", broken);
        }
    }

    /** Takes nothing more, and gives back what is under way; a second at most. */
    @Override
    public void close() {
        looks.cancel();
        var goodbye = new CompletableFuture<Void>();
        loop.execute(() -> {
            closed = true;
            List.copyOf(senders.keySet()).forEach(this::drop);
            goodbye.complete(null);
        });
        goodbye.completeOnTimeout(null, GOODBYE.toMillis(), TimeUnit.MILLISECONDS).join();
        requests.close();
    }
}
