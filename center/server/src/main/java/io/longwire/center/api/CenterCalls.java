package io.longwire.center.api;

import io.longwire.center.CenterMetric;
import io.longwire.center.access.ApiKeys;
import io.longwire.center.access.Apps;
import io.longwire.center.access.Caller;
import io.longwire.center.access.Quota;
import io.longwire.center.access.Quotas;
import io.longwire.center.access.Scope;
import io.longwire.center.products.Products;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.center.send.Receipt;
import io.longwire.center.send.Sender;
import io.longwire.center.status.Endpoints;
import io.longwire.center.status.Timelines;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.center.ApiKey;
import io.longwire.rpc.center.App;
import io.longwire.rpc.center.CreateAppRequest;
import io.longwire.rpc.center.CreateKeyRequest;
import io.longwire.rpc.center.EndpointStatus;
import io.longwire.rpc.center.GetEndpointRequest;
import io.longwire.rpc.center.GetTimelineRequest;
import io.longwire.rpc.center.KickEndpointReply;
import io.longwire.rpc.center.KickEndpointRequest;
import io.longwire.rpc.center.ListAppsReply;
import io.longwire.rpc.center.MessageTimeline;
import io.longwire.rpc.center.SendBatchReply;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendOutcome;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.saver.AppRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The calls of the API. Each future completes with the answer, or fails with {@link Refused}; anything else it
 * fails with is a fault of ours. Thread-safe, never blocks.
 */
public final class CenterCalls {
    /** Messages in one batch. */
    public static final int MAX_BATCH = 500;

    private final ApiKeys keys;
    private final Apps apps;
    private final Quotas quotas;
    private final Parts parts;
    private final Metrics metrics;

    /** What does the work. */
    public record Parts(Sender sender, Timelines timelines, Endpoints endpoints, Products products) {
    }

    public CenterCalls(ApiKeys keys, Apps apps, Quotas quotas, Parts parts, Metrics metrics) {
        this.keys = keys;
        this.apps = apps;
        this.quotas = quotas;
        this.parts = parts;
        this.metrics = metrics;
    }

    public CompletableFuture<SendReply> send(Call call, SendRequest request) {
        return sendingApp(call).thenCompose(app -> {
            Quota quota = take(call, app, 1);
            return quota.granted() == 1
                    ? parts.sender().send(request, app).thenApply(CenterCalls::reply)
                    : CompletableFuture.failedFuture(exceeded(quota));
        });
    }

    /** Each message has an answer of its own; the call itself is refused only as a whole. */
    public CompletableFuture<SendBatchReply> sendBatch(Call call, SendBatchRequest request) {
        int count = request.getMessagesCount();
        return sendingApp(call).thenCompose(app -> {
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
                    parts.sender().send(request.getMessages(i), app)
                            .whenComplete((receipt, failure) -> outcomes.set(index, outcome(receipt, failure)));
                } else {
                    outcomes.set(i, refusal(exceeded(quota)));
                }
            }
            return outcomes.all();
        });
    }

    public CompletableFuture<MessageTimeline> timeline(Call call, GetTimelineRequest request) {
        return as(call, Scope.READ, app -> parts.timelines().timeline(app, request));
    }

    public CompletableFuture<MessageTimeline> cancel(Call call, GetTimelineRequest request) {
        return as(call, Scope.SEND, app -> parts.timelines().cancel(app, request));
    }

    public CompletableFuture<EndpointStatus> endpoint(Call call, GetEndpointRequest request) {
        return as(call, Scope.READ, app -> parts.endpoints().status(app, request));
    }

    public CompletableFuture<KickEndpointReply> kick(Call call, KickEndpointRequest request) {
        return as(call, Scope.KICK, app -> parts.endpoints().kick(app, request));
    }

    public CompletableFuture<App> createApp(Call call, CreateAppRequest request) {
        return asAdmin(call, () -> parts.products().createApp(request));
    }

    public CompletableFuture<ListAppsReply> listApps(Call call) {
        return asAdmin(call, parts.products()::listApps);
    }

    public CompletableFuture<ApiKey> createKey(Call call, CreateKeyRequest request) {
        return asAdmin(call, () -> parts.products().createKey(request));
    }

    private CompletableFuture<AppRecord> sendingApp(Call call) {
        return keys.caller(call.authorization()).thenCompose(caller -> apps.app(caller.app(Scope.SEND)));
    }

    private <A> CompletableFuture<A> as(Call call, Scope scope, Function<Integer, CompletableFuture<A>> work) {
        return keys.caller(call.authorization()).thenCompose(caller -> work.apply(caller.app(scope)));
    }

    private <A> CompletableFuture<A> asAdmin(Call call, Supplier<CompletableFuture<A>> work) {
        return keys.caller(call.authorization()).thenCompose((Caller caller) -> {
            caller.mustBeAdmin();
            return work.get();
        });
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
