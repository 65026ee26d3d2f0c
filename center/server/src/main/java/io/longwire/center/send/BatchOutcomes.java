package io.longwire.center.send;

import io.longwire.rpc.center.SendBatchReply;
import io.longwire.rpc.center.SendOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Gathers the outcomes of a batch, in its order; whoever brings the last one completes it. Thread-safe. */
final class BatchOutcomes {
    private final AtomicReferenceArray<SendOutcome> outcomes;
    private final AtomicInteger missing;
    private final CompletableFuture<SendBatchReply> all = new CompletableFuture<>();

    BatchOutcomes(int count) {
        this.outcomes = new AtomicReferenceArray<>(count);
        this.missing = new AtomicInteger(count);
    }

    /** Once for each index. */
    void set(int index, SendOutcome outcome) {
        outcomes.setRelease(index, outcome);
        if (missing.decrementAndGet() == 0) {
            var reply = SendBatchReply.newBuilder();
            for (int i = 0; i < outcomes.length(); i++) {
                reply.addResults(outcomes.getAcquire(i));
            }
            all.complete(reply.build());
        }
    }

    CompletableFuture<SendBatchReply> all() {
        return all;
    }
}
