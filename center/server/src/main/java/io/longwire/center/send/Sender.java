package io.longwire.center.send;

import io.longwire.center.CenterMetric;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.refuse.Refused;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.AppendResult;
import java.util.concurrent.CompletableFuture;

/**
 * Sends a message to one endpoint: its idempotency key, if it has one, travels with the append, so one call to a saver
 * is all it takes. Thread-safe, never blocks.
 */
public final class Sender {
    private final MessageIds ids;
    private final Post post;
    private final Metrics metrics;

    /** What the runtime gives. */
    public record Tools(Clock clock, HaltPoints halts, Metrics metrics) {
    }

    public Sender(MessageIds ids, Post post, Metrics metrics) {
        this.ids = ids;
        this.post = post;
        this.metrics = metrics;
    }

    /** Completes when the message is accepted (TRANSIENT: when it is written or dropped), or fails with Refused. */
    CompletableFuture<Receipt> send(Draft draft, Targets.Recipient to) {
        long id;
        try {
            id = mint();
        } catch (Refused notServing) {
            return CompletableFuture.failedFuture(notServing);
        }
        return draft.isTransient()
                ? post.deliver(Outgoing.of(draft, to.endpointId(), id, false), "to.endpoint", to.endpoint())
                        .thenApply(result -> transientReceipt(id, to, result))
                : append(draft, to, id, false);
    }

    private CompletableFuture<Receipt> append(Draft draft, Targets.Recipient to, long id, boolean mintedAnew) {
        return post.post(Outgoing.of(draft, to.endpointId(), id, false), draft.idempotency()).thenCompose(answer -> {
            if (answer.getCode() == AppendResult.Code.STALE_ID) {
                metrics.counter(CenterMetric.STALE_IDS).increment();
                if (mintedAnew) {
                    throw Asking.unavailable(
                            "message_id: stale twice (expected: clocks of center and saver within 60 s)");
                }
                return append(draft, to, mint(), true);
            }
            return CompletableFuture.completedFuture(receipt(to, answer));
        });
    }

    private Receipt receipt(Targets.Recipient to, AppendResult answer) {
        Refused refused = Answers.refusal(answer, "to.endpoint", to.endpoint());
        if (refused != null) {
            throw refused;
        }
        boolean duplicate = answer.getCode() == AppendResult.Code.DUPLICATE;
        if (duplicate) {
            metrics.counter(CenterMetric.DUPLICATES).increment();
        }
        return new Receipt(answer.getMessageId(), to.endpoint(),
                duplicate ? Receipt.Status.DUPLICATE : Receipt.Status.ACCEPTED, answer.getCollapsedId());
    }

    private Receipt transientReceipt(long id, Targets.Recipient to, Routed result) {
        var status = result == Routed.WRITTEN ? Receipt.Status.DELIVERED_ONLINE : Receipt.Status.OFFLINE_DROPPED;
        metrics.counter(CenterMetric.TRANSIENT, "outcome", status.label()).increment();
        return new Receipt(id, to.endpoint(), status, 0);
    }

    private long mint() {
        try {
            return ids.mint();
        } catch (Refused refused) {
            metrics.counter(CenterMetric.NOT_MINTED).increment();
            throw refused;
        }
    }
}
