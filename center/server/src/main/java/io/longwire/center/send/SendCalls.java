package io.longwire.center.send;

import io.longwire.center.CenterMetric;
import io.longwire.center.access.Quota;
import io.longwire.center.access.Quotas;
import io.longwire.center.access.Scope;
import io.longwire.center.api.Call;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.center.api.Problems;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.center.SendBatchReply;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendOutcome;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.saver.AppRecord;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The calls that send. Thread-safe, never blocks. */
public final class SendCalls implements Feature {
    /** Messages in one batch. */
    public static final int MAX_BATCH = 500;

    private final Callers callers;
    private final Quotas quotas;
    private final Sender sender;
    private final Metrics metrics;

    public SendCalls(Callers callers, Quotas quotas, Sender sender, Metrics metrics) {
        this.callers = callers;
        this.quotas = quotas;
        this.sender = sender;
        this.metrics = metrics;
    }

    @Override
    public void register(Calls.Table table) {
        table.call("Send", SendRequest.getDefaultInstance(),
                (call, request) -> callers.withApp(call, Scope.SEND, app -> send(call, app, request)));
        table.call("SendBatch", SendBatchRequest.getDefaultInstance(),
                (call, request) -> callers.withApp(call, Scope.SEND, app -> batch(call, app, request)));
    }

    private CompletableFuture<SendReply> send(Call call, AppRecord app, SendRequest request) {
        Quota quota = take(call, app, 1);
        return quota.granted() == 1
                ? sender.send(request, app).thenApply(SendCalls::reply)
                : CompletableFuture.failedFuture(exceeded(quota));
    }

    /** An ordinary send of the platform's own: a schedule that fires, a dead letter that goes out again. */
    public CompletableFuture<SendReply> send(SendRequest request, AppRecord app) {
        return send(new Call(null, InetAddress.getLoopbackAddress()), app, request);
    }

    /** What a send that comes later must pass now; fails with Refused, sends nothing. */
    public CompletableFuture<SendReply> check(SendRequest request, AppRecord app) {
        sender.check(request, app);
        return CompletableFuture.completedFuture(SendReply.newBuilder().setStatus("dry_run").build());
    }

    // Each message has an answer of its own; the call itself is refused only as a whole.
    private CompletableFuture<SendBatchReply> batch(Call call, AppRecord app, SendBatchRequest request) {
        int count = request.getMessagesCount();
        if (count == 0 || count > MAX_BATCH) {
            throw Refused.invalid("messages", count, "1 to " + MAX_BATCH);
        }
        Quota quota = take(call, app, count);
        if (quota.granted() == 0) {
            throw exceeded(quota);
        }
        var outcomes = new BatchOutcomes(count);
        for (int i = 0; i < count; i++) {
            int index = i;
            if (i < quota.granted()) {
                sender.send(request.getMessages(i), app)
                        .whenComplete((receipt, failure) -> outcomes.set(index, outcome(receipt, failure)));
            } else {
                outcomes.set(i, refusal(exceeded(quota)));
            }
        }
        return outcomes.all();
    }

    private Quota take(Call call, AppRecord app, int wanted) {
        Quota quota = quotas.take(app.getAppId(), app.getSendsPerSecond(), wanted);
        call.quota(quota);
        if (quota.granted() < wanted) {
            metrics.counter(CenterMetric.QUOTA_EXCEEDED).add(wanted - quota.granted());
        }
        return quota;
    }

    private SendOutcome outcome(Receipt receipt, Throwable failure) {
        return failure == null
                ? SendOutcome.newBuilder().setReply(reply(receipt)).build()
                : refusal(Problems.refused(failure));
    }

    private SendOutcome refusal(Refused refused) {
        metrics.counter(CenterMetric.REFUSED, "code", refused.why().code()).increment();
        return SendOutcome.newBuilder().setProblem(Problems.problem(refused)).build();
    }

    private static Refused exceeded(Quota quota) {
        return Refused.later(Why.QUOTA_EXCEEDED,
                "sends: above " + quota.limit() + " a second (expected: the app's quota)",
                Duration.ofMillis(quota.retryAfterMillis()));
    }

    private static SendReply reply(Receipt receipt) {
        return SendReply.newBuilder().setMessageId(MessageId.text(receipt.messageId())).setEndpoint(receipt.endpoint())
                .setStatus(receipt.status().label()).setAcceptedMs(receipt.acceptedMillis())
                .setDuplicate(receipt.status() == Receipt.Status.DUPLICATE).build();
    }
}
