package io.longwire.center.send;

import io.longwire.center.CenterMetric;
import io.longwire.center.access.Scope;
import io.longwire.center.api.Call;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.center.api.Problems;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.center.SendBatchReply;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendOutcome;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.Target;
import io.longwire.rpc.saver.AppRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The calls that send. Thread-safe, never blocks. */
public final class SendCalls implements Feature {
    /** Messages in one batch. */
    public static final int MAX_BATCH = 500;

    // Of a batch: whoever calls meanwhile waits for so many messages, not for all of them.
    private static final int AT_ONCE = 64;
    private static final int SEVERAL_AT_ONCE = 4; // of those that have several targets each
    private static final int MAX_NAMED = 1_000; // targets that a batch names beside one for each message

    private final Callers callers;
    private final Sends sends;
    private final Metrics metrics;

    public SendCalls(Callers callers, Sends sends, Metrics metrics) {
        this.callers = callers;
        this.sends = sends;
        this.metrics = metrics;
    }

    @Override
    public void register(Calls.Table table) {
        table.call("Send", SendRequest.getDefaultInstance(), (call, request) -> callers.withApp(call, Scope.SEND,
                app -> sends.send(traced(call, request), app, call::quota)));
        table.call("SendBatch", SendBatchRequest.getDefaultInstance(),
                (call, request) -> callers.withApp(call, Scope.SEND, app -> batch(call, app, request)));
    }

    // Each message has an answer of its own; the call itself is refused only as a whole.
    private CompletableFuture<SendBatchReply> batch(Call call, AppRecord app, SendBatchRequest request) {
        int count = request.getMessagesCount();
        if (count == 0 || count > MAX_BATCH) {
            throw Refused.invalid("messages", count, "1 to " + MAX_BATCH);
        }
        var several = request.getMessagesList().stream().filter(SendCalls::hasSeveral).toList();
        int named = several.stream().mapToInt(message -> named(message.getTo())).sum();
        if (named > MAX_NAMED) {
            throw Refused.invalid("messages", named + " targets in lists", "at most " + MAX_NAMED + " in one batch");
        }
        int atOnce = several.isEmpty() ? AT_ONCE : SEVERAL_AT_ONCE;
        return Waves.run(count, atOnce, i -> sends.send(traced(call, request.getMessages(i)), app, call::quota)
                .handle(this::outcome)).thenApply(SendCalls::answer);
    }

    // Without a single send left the whole call is refused, as one that sends a single message.
    private static SendBatchReply answer(List<SendOutcome> outcomes) {
        if (outcomes.stream().allMatch(outcome -> outcome.getProblem().getCode().equals(Why.QUOTA_EXCEEDED.code()))) {
            throw Problems.refused(outcomes.getFirst().getProblem());
        }
        return SendBatchReply.newBuilder().addAllResults(outcomes).build();
    }

    // The trace of the call is that of each message in it which names no other.
    private static SendRequest traced(Call call, SendRequest request) {
        return call.traceparent().isEmpty() || !request.getTraceparent().isEmpty()
                ? request
                : request.toBuilder().setTraceparent(call.traceparent()).build();
    }

    private static boolean hasSeveral(SendRequest request) {
        return !request.getTo().getAlias().isEmpty() || named(request.getTo()) > 0;
    }

    private static int named(Target to) {
        return to.getEndpointsCount() + to.getAliasesCount();
    }

    private SendOutcome outcome(SendReply reply, Throwable failure) {
        if (failure == null) {
            return SendOutcome.newBuilder().setReply(reply).build();
        }
        Refused refused = Problems.refused(failure);
        metrics.counter(CenterMetric.REFUSED, "code", refused.why().code()).increment();
        return SendOutcome.newBuilder().setProblem(Problems.problem(refused)).build();
    }
}
