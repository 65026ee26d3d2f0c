package io.longwire.center.send;

import io.longwire.center.CenterMetric;
import io.longwire.center.access.FairBound;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.DeliveryClass;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Sends a message. The order is the law (DESIGN, section 2): a DURABLE message is stored first; when a saver has
 * accepted it the caller is answered, and only then is the register looked up and a room asked. A message that
 * never reaches its room from here is delivered by the saver's due set.
 *
 * <p>An append without an answer is asked again with the same id, so it cannot be stored twice; after the third
 * time the caller is told UNAVAILABLE, and may send again with its idempotency key. At most {@code maxInFlight}
 * messages wait for their store, and of one app no more than its share of them; the next one is refused BUSY.
 * Thread-safe, never blocks.
 */
public final class Sender {
    private static final Duration[] RETRY_AFTER = {Duration.ofMillis(50), Duration.ofMillis(200)};
    private static final Duration BUSY_RETRY = Duration.ofSeconds(1);

    private final Rules rules;
    private final MessageIds ids;
    private final MessageStore store;
    private final Router router;
    private final FairBound inFlight;
    private final Tools tools;
    private final Metrics metrics;

    /** What the runtime gives. */
    public record Tools(Clock clock, HaltPoints halts, Metrics metrics) {
    }

    public Sender(Rules rules, MessageIds ids, MessageStore store, Router router, int maxInFlight, Tools tools) {
        this.rules = rules;
        this.ids = ids;
        this.store = store;
        this.router = router;
        this.inFlight = new FairBound(maxInFlight);
        this.tools = tools;
        this.metrics = tools.metrics();
        metrics.gauge(CenterMetric.IN_FLIGHT, inFlight::inside);
    }

    /** Messages that wait for their store. */
    public int inFlight() {
        return inFlight.inside();
    }

    /** Throws Refused for the first rule that the request breaks; sends nothing. */
    public void check(SendRequest request, AppRecord app) {
        rules.check(request, app);
    }

    /** Completes when the message is accepted (TRANSIENT: when it is written or dropped), or fails with Refused. */
    public CompletableFuture<Receipt> send(SendRequest request, AppRecord app) {
        var sending = new Sending();
        if (!inFlight.enter(app.getAppId())) {
            metrics.counter(CenterMetric.IN_FLIGHT_FULL).increment();
            sending.done.completeExceptionally(Refused.later(Why.BUSY,
                    "in flight: " + inFlight.inside(app.getAppId()) + " messages of the app (expected: fewer)",
                    BUSY_RETRY));
            return sending.done;
        }
        sending.done.whenComplete((receipt, failure) -> inFlight.leave(app.getAppId()));
        sending.guarded(() -> sending.start(rules.check(request, app)));
        return sending.done;
    }

    /** One message on its way into the store. Its steps follow each other; each runs on the thread that brought it. */
    private final class Sending {
        private final CompletableFuture<Receipt> done = new CompletableFuture<>();
        private final long started = tools.clock().nanos();
        private int tries;
        private boolean mintedAnew;

        void start(Draft draft) {
            Outgoing message = Outgoing.of(draft, mint());
            if (draft.isTransient()) {
                router.deliver(message).whenComplete((result, failure) -> finishTransient(draft, message, result));
            } else {
                append(draft, message);
            }
        }

        private long mint() {
            try {
                return ids.mint();
            } catch (Refused refused) {
                metrics.counter(CenterMetric.NOT_MINTED).increment();
                throw refused;
            }
        }

        private void append(Draft draft, Outgoing message) {
            AppendItem.Builder item = AppendItem.newBuilder().setEndpointId(message.endpointId())
                    .setMessageId(message.messageId()).setAppId(message.appId())
                    .setDeliveryClass(DeliveryClass.DURABLE).setExpireAtMs(message.expireAtMillis())
                    .setEnvelope(message.envelope());
            if (draft.idempotency() != null) {
                item.setIdempotency(draft.idempotency());
            }
            store.append(item.build())
                    .whenComplete((result, failure) -> guarded(() -> answered(draft, message, result, failure)));
        }

        // Whatever happens on the way, the caller is answered and the place in flight is given back.
        void guarded(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException refusedOrBug) {
                done.completeExceptionally(refusedOrBug);
            }
        }

        private void answered(Draft draft, Outgoing message, @Nullable AppendResult result,
                @Nullable Throwable failure) {
            if (result == null) {
                failed(draft, message, failure);
                return;
            }
            switch (result.getCode()) {
                case ACCEPTED -> accepted(draft, message, result);
                case DUPLICATE -> duplicate(draft, message, result);
                case STALE_ID -> stale(draft);
                case UNAVAILABLE -> again(draft, message, "saver: the message could not be stored");
                case BUSY -> throw Refused.later(Why.BUSY, "saver: too many messages at once (expected: fewer)",
                        Duration.ofMillis(Math.max(100, result.getRetryAfterMs())));
                case KEY_CONFLICT -> throw Refused.because(Why.IDEMPOTENCY_CONFLICT,
                        "idempotency_key: used for another message (expected: the same body, or a new key)");
                case REJECTED -> throw Refused.because(Why.REJECTED, "to.endpoint: " + draft.endpoint()
                        + " (expected: one that takes messages; " + result.getReason() + ")");
                case NO_ENDPOINT -> throw Rules.unknownEndpoint("to.endpoint", draft.endpoint());
                case UNRECOGNIZED -> throw Refused.because(Why.INTERNAL, "saver: an answer of a later version");
            }
        }

        // The key may have been claimed by an earlier try of this very call, whose answer was lost on the way.
        private void duplicate(Draft draft, Outgoing message, AppendResult result) {
            if (result.getMessageId() == message.messageId()) {
                accepted(draft, message, result);
                return;
            }
            metrics.counter(CenterMetric.DUPLICATES).increment();
            finish(draft, result.getMessageId(), Receipt.Status.DUPLICATE);
        }

        private void accepted(Draft draft, Outgoing message, AppendResult result) {
            tools.halts().pass("center.stored");
            metrics.counter(CenterMetric.ACCEPTED).increment();
            metrics.timer(CenterMetric.ACCEPT_TIME).record(Duration.ofNanos(tools.clock().nanos() - started));
            long inForce = result.getMessageId();
            Outgoing stored = inForce == 0 || inForce == message.messageId() ? message : Outgoing.of(draft, inForce);
            finish(draft, stored.messageId(), Receipt.Status.ACCEPTED);
            router.route(stored, result.getCold());
        }

        private void stale(Draft draft) {
            metrics.counter(CenterMetric.STALE_IDS).increment();
            if (mintedAnew) {
                throw unavailable("message_id: stale twice (expected: clocks of center and saver within 60 s)");
            }
            mintedAnew = true;
            append(draft, Outgoing.of(draft, mint()));
        }

        private void failed(Draft draft, Outgoing message, @Nullable Throwable failure) {
            if (failure instanceof RpcFailure rpc) {
                switch (rpc.kind()) {
                    case QUEUE_FULL -> throw Refused.later(Why.BUSY, "saver: queue full (expected: room in it)",
                            BUSY_RETRY);
                    case NO_TARGET, CLOSED -> throw unavailable("saver: none reachable (expected: a live one)");
                    case DEADLINE, DISCONNECTED, REFUSED -> again(draft, message,
                            "saver: no answer; the message may have been stored");
                }
            } else {
                done.completeExceptionally(failure == null ? new IllegalStateException("append: no result") : failure);
            }
        }

        private void again(Draft draft, Outgoing message, String reason) {
            if (tries == RETRY_AFTER.length) {
                throw unavailable(reason);
            }
            metrics.counter(CenterMetric.APPEND_RETRIES).increment();
            tools.clock().schedule(RETRY_AFTER[tries++], () -> guarded(() -> append(draft, message)));
        }

        private void finishTransient(Draft draft, Outgoing message, @Nullable Routed result) {
            boolean written = result == Routed.WRITTEN;
            Receipt.Status status = written ? Receipt.Status.DELIVERED_ONLINE : Receipt.Status.OFFLINE_DROPPED;
            metrics.counter(CenterMetric.TRANSIENT, "outcome", status.label()).increment();
            finish(draft, message.messageId(), status);
        }

        private void finish(Draft draft, long messageId, Receipt.Status status) {
            done.complete(new Receipt(messageId, draft.endpoint(), status, MessageId.timeMs(messageId)));
        }

        private Refused unavailable(String detail) {
            return Refused.later(Why.UNAVAILABLE, detail, BUSY_RETRY);
        }
    }
}
