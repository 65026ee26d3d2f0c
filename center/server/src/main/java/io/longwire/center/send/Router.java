package io.longwire.center.send;

import com.google.protobuf.ByteString;
import io.longwire.center.CenterMetric;
import io.longwire.center.access.FairBound;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.log.FoldedLog;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.keeper.trace.Traceparent;
import io.longwire.register.client.Lookup;
import io.longwire.register.client.Session;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;

import org.slf4j.LoggerFactory;

/**
 * Finds the session of a stored message and hands it to the room. Nothing here is needed for the message to
 * arrive: it is in its inbox, and the due set brings what this process does not. So everything may give up, and is
 * bounded:
 *
 * <ul>
 * <li>NOT_HERE from the room: the other owner of the slot is asked, once.
 * <li>UNKNOWN, or no answer: four more tries, 250 ms to 2 s apart; then the due set.
 * <li>accepted without a confirmed inbox (a COLD slot): a second look 3 s later, because a phone that bound in
 * between may have fetched before the saver knew of the slot's state.
 * <li>more than {@code maxRouting} under way: not even tried, counted.
 * </ul>
 *
 * Thread-safe, never blocks.
 */
public final class Router {
    private static final Duration[] RETRY_AFTER = {Duration.ofMillis(250), Duration.ofMillis(500),
            Duration.ofSeconds(1), Duration.ofSeconds(2)};
    private static final Duration COLD_LOOK_AFTER = Duration.ofSeconds(3);

    private final Sessions sessions;
    private final Rooms rooms;
    private final FairBound underWay;
    private final Sender.Tools tools;
    private final Metrics metrics;
    private final FoldedLog faults;
    private final Map<Routed, Counter> counters = new EnumMap<>(Routed.class);

    /** @param maxRouting messages on their way at once, asked for each */
    public Router(Sessions sessions, Rooms rooms, IntSupplier maxRouting, Sender.Tools tools) {
        this.sessions = sessions;
        this.rooms = rooms;
        this.underWay = new FairBound(maxRouting);
        this.tools = tools;
        this.metrics = tools.metrics();
        this.faults = new FoldedLog(LoggerFactory.getLogger(Router.class), tools.clock());
        for (Routed result : Routed.values()) {
            counters.put(result, metrics.counter(CenterMetric.ROUTED, "result", result.label()));
        }
        metrics.gauge(CenterMetric.ROUTING, underWay::inside);
    }

    /** Brings a stored message to its room, now and, as long as nobody can say where that is, a few times later. */
    void route(Outgoing message, boolean cold) {
        if (!underWay.enter(message.appId())) {
            metrics.counter(CenterMetric.ROUTING_FULL).increment();
            return;
        }
        attempt(message, 0);
        if (cold && underWay.enter(message.appId())) {
            tools.clock().schedule(COLD_LOOK_AFTER, () -> {
                metrics.counter(CenterMetric.COLD_LOOKS).increment();
                attempt(message, 0);
            });
        }
    }

    /** One try, for a TRANSIENT message; never fails. */
    CompletableFuture<Routed> deliver(Outgoing message) {
        try {
            return once(message).exceptionally(failure -> Routed.UNKNOWN);
        } catch (RuntimeException bug) {
            faults.error("message " + MessageId.text(message.messageId()) + trace(message)
                    + ": could not be routed", bug);
            return CompletableFuture.completedFuture(Routed.UNKNOWN);
        }
    }

    private static String trace(Outgoing message) {
        ByteString trace = message.draft().options().trace();
        return trace.isEmpty() ? "" : " of trace " + Traceparent.traceId(Traceparent.text(trace));
    }

    /** Messages on their way. */
    public int underWay() {
        return underWay.inside();
    }

    private void attempt(Outgoing message, int tries) {
        deliver(message).thenAccept(result -> {
            if (result == Routed.UNKNOWN && tries < RETRY_AFTER.length) {
                metrics.counter(CenterMetric.ROUTE_RETRIES).increment();
                tools.clock().schedule(RETRY_AFTER[tries], () -> attempt(message, tries + 1));
                return;
            }
            underWay.leave(message.appId());
            count(result);
        });
    }

    private void count(Routed result) {
        Counter counter = counters.get(result);
        if (counter != null) {
            counter.increment();
        }
    }

    private CompletableFuture<Routed> once(Outgoing message) {
        tools.halts().pass("center.before-lookup");
        return sessions.find(message.endpointId()).thenCompose(found -> switch (found) {
            case Lookup.Online online -> push(message, online);
            case Lookup.Offline offline -> CompletableFuture.completedFuture(Routed.OFFLINE);
            case Lookup.Unknown unknown -> CompletableFuture.completedFuture(Routed.UNKNOWN);
        });
    }

    private CompletableFuture<Routed> push(Outgoing message, Lookup.Online online) {
        return handOver(message, online.session()).thenCompose(code -> code == PushResult.Code.NOT_HERE
                ? sessions.findElsewhere(online).thenCompose(other -> pushElsewhere(message, other))
                : CompletableFuture.completedFuture(Routed.of(code)));
    }

    private CompletableFuture<Routed> pushElsewhere(Outgoing message, Lookup other) {
        return switch (other) {
            case Lookup.Online online -> handOver(message, online.session()).thenApply(Routed::of);
            case Lookup.Offline offline -> CompletableFuture.completedFuture(Routed.OFFLINE);
            case Lookup.Unknown unknown -> CompletableFuture.completedFuture(Routed.UNKNOWN);
        };
    }

    private CompletableFuture<PushResult.Code> handOver(Outgoing message, Session session) {
        PushItem item = PushItem.newBuilder().setEndpointId(message.endpointId()).setConnSeq(session.connSeq())
                .setHandle(session.handle()).setMessageId(message.messageId()).setAppId(message.appId())
                .setTransient(message.isTransient()).setAcceptedMs(message.acceptedMillis())
                .setRoutedMs(tools.clock().wallMillis()).setExpireAtMs(message.expireAtMillis())
                .setEnvelope(message.envelope()).setLow(message.draft().isLow()).build();
        tools.halts().pass("center.before-push");
        return rooms.push(session, item);
    }
}
