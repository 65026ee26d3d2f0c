package io.longwire.center.broadcast;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.longwire.center.access.Cursor;
import io.longwire.center.access.Quota;
import io.longwire.center.access.Quotas;
import io.longwire.center.list.Lists;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.center.send.NotBefore;
import io.longwire.device.PushFrames;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.center.ListBroadcastsReply;
import io.longwire.rpc.center.ListBroadcastsRequest;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.Idempotency;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Makes broadcasts and shows how far they are. A broadcast that was answered is kept; it goes whatever dies, by
 * {@link Walking} of any center. Thread-safe, never blocks.
 */
public final class Broadcasts {
    private static final int DEFAULT_PAGE = 20;
    private static final int MAX_PAGE = 100;

    private final BroadcastStore store;
    private final MessageIds ids;
    private final Quotas quotas;
    private final Estimates estimates;
    private final Looks looks;
    private final Parts parts;

    /**
     * What else it works with.
     *
     * @param hurry has a new broadcast looked after at once
     */
    public record Parts(LaterBroadcasts later, Lists lists, Runnable hurry, Clock clock) {
    }

    public Broadcasts(BroadcastStore store, MessageIds ids, Quotas quotas, Estimates estimates, Looks looks,
            Parts parts) {
        this.store = store;
        this.ids = ids;
        this.quotas = quotas;
        this.estimates = estimates;
        this.looks = looks;
        this.parts = parts;
    }

    /**
     * Completes when the broadcast is kept, or, of a dry run, with its audience. Fails with {@link Refused}.
     *
     * @param used is told what was taken of the app's quota
     */
    public CompletableFuture<BroadcastInfo> create(AppRecord app, CreateBroadcastRequest request,
            Consumer<Quota> used) {
        var checked = BroadcastRules.check(request, app);
        long ttl = BroadcastRules.ttlMillis(request, app);
        if (!request.getNotBefore().isEmpty() && !request.getDryRun()) {
            long fires = NotBefore.millis(request.getNotBefore(), parts.clock.wallMillis(),
                    request.getIdempotencyKey());
            return request.getList().isEmpty()
                    ? later(app, request, fires)
                    : parts.lists.sealedUntil(app.getAppId(), request.getList(), fires)
                            .thenCompose(list -> later(app, request, fires));
        }
        if (!request.getList().isEmpty()) {
            return parts.lists.sealed(app.getAppId(), request.getList())
                    .thenCompose(list -> toList(app, request, checked.setListId(list.getListId()).clearAudience(),
                            list.getEndpoints(), used));
        }
        if (request.getDryRun()) {
            return estimates.look(checked.build(), app).thenApply(estimate -> BroadcastInfo.newBuilder()
                    .setState("dry_run").setAudience(request.getAudience()).setPace(request.getPace())
                    .setEstimate(estimate).build());
        }
        take(app, used);
        if (app.getBroadcastSize() == 0) {
            return keep(checked.setState(Broadcast.State.RUNNING), request, ttl);
        }
        return estimates.size(checked.build())
                .thenCompose(size -> keep(sized(checked, size, "about ", app), request, ttl));
    }

    private CompletableFuture<BroadcastInfo> toList(AppRecord app, CreateBroadcastRequest request,
            Broadcast.Builder checked, long endpoints, Consumer<Quota> used) {
        if (request.getDryRun()) {
            return CompletableFuture.completedFuture(BroadcastInfo.newBuilder().setState("dry_run")
                    .setList(request.getList()).setPace(request.getPace())
                    .setEstimate(estimates.ofList(checked.build(), endpoints, app)).build());
        }
        take(app, used);
        return keep(sized(checked, endpoints, "", app), request, BroadcastRules.ttlMillis(request, app));
    }

    private static Broadcast.Builder sized(Broadcast.Builder checked, long size, String about, AppRecord app) {
        boolean goes = app.getBroadcastSize() == 0 || size <= app.getBroadcastSize();
        checked.setEstimated(size).setState(goes ? Broadcast.State.RUNNING : Broadcast.State.HELD);
        return goes
                ? checked
                : checked.setReason(about + size + " endpoints (expected: at most " + app.getBroadcastSize()
                        + " without an approval)");
    }

    /** Throws {@link Refused} unless it may be made. */
    public static void check(CreateBroadcastRequest request, AppRecord app) {
        BroadcastRules.check(request, app);
        BroadcastRules.ttlMillis(request, app);
    }

    /** One that was scheduled, as a send answers. */
    public CompletableFuture<SendReply> fire(CreateBroadcastRequest request, AppRecord app) {
        try {
            return create(app, request, used -> {
            }).thenApply(made -> SendReply.newBuilder().setMessageId(made.getBroadcastId()).setStatus("accepted")
                    .setDuplicate(made.getDuplicate()).build());
        } catch (RuntimeException refusedOrBug) {
            return CompletableFuture.failedFuture(refusedOrBug);
        }
    }

    private CompletableFuture<BroadcastInfo> later(AppRecord app, CreateBroadcastRequest request, long fires) {
        return parts.later.once(app, request, fires).thenApply(schedule -> BroadcastInfo.newBuilder()
                .setState("scheduled").setScheduleId(MessageId.text(schedule.getScheduleId()))
                .setFiresMs(schedule.getNextFireMs()).setLabel(request.getLabel()).setAudience(request.getAudience())
                .setList(request.getList()).setPace(request.getPace()).build());
    }

    private void take(AppRecord app, Consumer<Quota> used) {
        Quota quota = quotas.take(app.getAppId(), app.getSendsPerSecond(), 1);
        used.accept(quota);
        if (quota.granted() == 0) {
            throw Refused.later(Why.QUOTA_EXCEEDED,
                    "sends: above " + quota.limit() + " a second (expected: the app's quota)",
                    Duration.ofMillis(Math.max(1, quota.retryAfterMillis())));
        }
    }

    private CompletableFuture<BroadcastInfo> keep(Broadcast.Builder checked, CreateBroadcastRequest request,
            long ttlMillis) {
        long id = ids.mint();
        long accepted = MessageId.timeMs(id);
        Push.Builder push = Push.newBuilder().setPayload(request.getPayload()).setKind(PushKind.KIND_DATA)
                .setPriority(priority(request)).setCollapseKey(request.getCollapseKeyBytes())
                .setAckNow(request.getPriority() == io.longwire.rpc.center.Priority.HIGH);
        return keep(checked.setBroadcastId(id).setCreatedMs(accepted).setStageMs(accepted)
                .setExpireAtMs(accepted + ttlMillis), push);
    }

    /** Keeps it: complete but for the envelope. */
    CompletableFuture<BroadcastInfo> keep(Broadcast.Builder made, Push.Builder push) {
        Broadcast wanted = made.setEnvelope(envelope(made, push)).build();
        return store.create(wanted).exceptionallyCompose(Broadcasts::atLimit).thenApply(inForce -> {
            boolean duplicate = inForce.getBroadcastId() != wanted.getBroadcastId();
            if (duplicate && !sameBody(wanted.getIdempotency(), inForce)) {
                throw Refused.because(Why.IDEMPOTENCY_CONFLICT,
                        "idempotency_key: used for another broadcast (expected: the same body, or a new key)");
            }
            if (!duplicate) {
                parts.hurry.run();
            }
            return BroadcastText.info(inForce).setDuplicate(duplicate).build();
        });
    }

    private static boolean sameBody(Idempotency wanted, Broadcast inForce) {
        return inForce.getState() != Broadcast.State.ABSENT
                && inForce.getIdempotency().getBodyHash().equals(wanted.getBodyHash());
    }

    private static ByteString envelope(Broadcast.Builder made, Push.Builder push) {
        return UnsafeByteOperations.unsafeWrap(PushFrames.encode(push.setMessageId(made.getBroadcastId())
                .setAppId(made.getAppId()).setExpireAtMs(made.getExpireAtMs())
                .setAcceptedMs(MessageId.timeMs(made.getBroadcastId())).setReplaces(made.getReplaces()).build()));
    }

    private static Priority priority(CreateBroadcastRequest request) {
        return switch (request.getPriority()) {
            case HIGH -> Priority.PRIORITY_HIGH;
            case LOW -> Priority.PRIORITY_LOW;
            case NORMAL, UNRECOGNIZED -> Priority.PRIORITY_NORMAL;
        };
    }

    private static <A> CompletableFuture<A> atLimit(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        return CompletableFuture.failedFuture(
                cause instanceof RpcFailure rpc && rpc.kind() == RpcFailure.Kind.QUEUE_FULL
                        ? Refused.because(Why.LIMIT_REACHED,
                                "broadcasts: 100 (expected: fewer of the app that are not over)")
                        : cause);
    }

    /** @param appId 0 = of any app */
    public CompletableFuture<BroadcastInfo> get(int appId, String broadcastId) {
        return store.progress(BroadcastRequest.newBuilder().setAppId(appId)
                .setBroadcastId(BroadcastRules.id(broadcastId)).build()).thenApply(progress -> {
                    known(progress.getBroadcast(), broadcastId);
                    return looks.info(progress);
                });
    }

    /** Refuses what is not there. */
    static void known(Broadcast found, String broadcastId) {
        if (found.getState() == Broadcast.State.ABSENT) {
            throw Refused.because(Why.UNKNOWN_BROADCAST,
                    "broadcast_id: " + Refused.shown(broadcastId) + " (expected: a broadcast of this app)");
        }
    }

    /** Newest first, without counts. */
    public CompletableFuture<ListBroadcastsReply> list(int appId, ListBroadcastsRequest request) {
        int limit = Cursor.limit(request.getLimit(), DEFAULT_PAGE, MAX_PAGE);
        long before = request.getCursor().isEmpty() ? 0 : cursor(request.getCursor());
        return store.list(io.longwire.rpc.saver.ListBroadcastsRequest.newBuilder().setAppId(appId)
                .setBeforeId(before).setLimit(limit).setActiveOnly(request.getActive()).build()).thenApply(found -> {
                    var answer = ListBroadcastsReply.newBuilder();
                    found.getBroadcastsList().forEach(one -> answer.addBroadcasts(BroadcastText.info(one)));
                    @Nullable
                    Broadcast last = found.getBroadcastsCount() == 0
                            ? null
                            : found.getBroadcasts(found.getBroadcastsCount() - 1);
                    return last == null
                            ? answer.build() // fewer than asked for are not the end, none are
                            : answer.setCursor(MessageId.text(last.getBroadcastId())).build();
                });
    }

    private static long cursor(String text) {
        try {
            return BroadcastRules.id(text);
        } catch (Refused none) {
            throw Refused.invalid("cursor", text, "the cursor of an earlier answer, or none");
        }
    }
}
