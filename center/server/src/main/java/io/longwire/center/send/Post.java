package io.longwire.center.send;

import io.longwire.center.CenterMetric;
import io.longwire.center.access.FairBound;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.Idempotency;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Brings one message to one endpoint into the store, and from there on its way. The order is the law (DESIGN, section
 * 2): it is stored first; when a saver has accepted it the future completes, and only then is the register looked up
 * and a room asked. A message that never reaches its room from here is delivered by the saver's due set.
 *
 * <p>An append without an answer is asked again with the same id, so it cannot be stored twice. At most {@code
 * maxInFlight} messages wait for their store, shared fairly by the apps (one alone
 * gets half of them); the next one is refused BUSY. Thread-safe,
 * never blocks.
 */
public final class Post {
    private final MessageStore store;
    private final Router router;
    private final Blocked blocked;
    private final FairBound inFlight;
    private final Asking asking;
    private final Sender.Tools tools;
    private final Metrics metrics;

    /** @param maxInFlight asked for each message */
    public Post(MessageStore store, Router router, Blocked blocked, IntSupplier maxInFlight, Sender.Tools tools) {
        this.store = store;
        this.router = router;
        this.blocked = blocked;
        this.inFlight = new FairBound(maxInFlight);
        this.asking = new Asking(tools);
        this.tools = tools;
        this.metrics = tools.metrics();
        metrics.gauge(CenterMetric.IN_FLIGHT, inFlight::inside);
    }

    /** Messages that wait for their store. */
    public int inFlight() {
        return inFlight.inside();
    }

    /**
     * Completes with the saver's answer: ACCEPTED, DUPLICATE with the id in force, or any other but UNAVAILABLE; for an
     * endpoint that is blocked with REJECTED, unless the saver says that the key stands for a message that was stored
     * before. Fails with {@link Refused} BUSY or UNAVAILABLE.
     */
    CompletableFuture<AppendResult> post(Outgoing message, @Nullable Idempotency key) {
        String why = message.isContent() ? blocked.why(message.endpointId()) : null;
        if (why != null && key == null) {
            return CompletableFuture.completedFuture(Answers.blocked(message.messageId(), why));
        }
        if (!inFlight.enter(message.appId())) {
            return CompletableFuture.failedFuture(full(message.appId()));
        }
        var item = message.item();
        if (key != null) {
            item.setIdempotency(key).setBlocked(why == null ? "" : Answers.blocked(why));
        }
        var built = item.build();
        long started = tools.clock().nanos();
        var done = new CompletableFuture<AppendResult>();
        asking.ask(() -> store.append(built), answer -> answer.getCode() == AppendResult.Code.UNAVAILABLE)
                .whenComplete((answer, failure) -> {
                    inFlight.leave(message.appId());
                    if (failure != null) {
                        done.completeExceptionally(failure);
                    } else if (isAccepted(message, answer)) {
                        accepted(message, answer, started, done);
                    } else {
                        done.complete(answer);
                    }
                });
        return done;
    }

    /**
     * One try at who is online, with nothing stored; never fails but with {@link Refused} BUSY, or BLOCKED with the
     * name that the caller has for the endpoint.
     */
    CompletableFuture<Routed> deliver(Outgoing message, String field, String endpoint) {
        String why = blocked.why(message.endpointId());
        if (why != null) {
            return CompletableFuture.failedFuture(Answers.rejected(Answers.blocked(why), field, endpoint));
        }
        if (!inFlight.enter(message.appId())) {
            return CompletableFuture.failedFuture(full(message.appId()));
        }
        return router.deliver(message).whenComplete((result, failure) -> inFlight.leave(message.appId()));
    }

    // The key may have been claimed by an earlier try of this very call, whose answer was lost on the way.
    private static boolean isAccepted(Outgoing message, AppendResult answer) {
        return answer.getCode() == AppendResult.Code.ACCEPTED
                || (answer.getCode() == AppendResult.Code.DUPLICATE && answer.getMessageId() == message.messageId());
    }

    private void accepted(Outgoing message, AppendResult answer, long started, CompletableFuture<AppendResult> done) {
        try {
            tools.halts().pass("center.stored");
            metrics.counter(CenterMetric.ACCEPTED).increment();
            metrics.timer(CenterMetric.ACCEPT_TIME).record(Duration.ofNanos(tools.clock().nanos() - started));
            Outgoing stored = message.as(answer.getMessageId());
            // Another id than ours: the key was used before, and that send had not been settled yet.
            boolean ours = stored.messageId() == message.messageId();
            done.complete(answer.toBuilder().setMessageId(stored.messageId())
                    .setCode(ours ? AppendResult.Code.ACCEPTED : AppendResult.Code.DUPLICATE).build());
            router.route(stored, answer.getCold());
        } catch (RuntimeException bug) {
            done.completeExceptionally(bug);
        }
    }

    private Refused full(int appId) {
        metrics.counter(CenterMetric.IN_FLIGHT_FULL).increment();
        return Refused.later(Why.BUSY,
                "in flight: " + inFlight.inside(appId) + " messages of the app (expected: fewer)",
                Asking.BUSY_RETRY);
    }
}
