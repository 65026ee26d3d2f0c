package io.longwire.saver.client;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.rpc.Balance;
import io.longwire.keeper.rpc.BatchCall;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.saver.AliasReply;
import io.longwire.rpc.saver.AliasRequest;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.AuditRecord;
import io.longwire.rpc.saver.CancelReply;
import io.longwire.rpc.saver.CancelRequest;
import io.longwire.rpc.saver.ClaimKeyReply;
import io.longwire.rpc.saver.ClaimKeyRequest;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.CreateAppRequest;
import io.longwire.rpc.saver.CreateKeyRequest;
import io.longwire.rpc.saver.DeadLetter;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.FetchItem;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.FindKeyRequest;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.FunnelRequest;
import io.longwire.rpc.saver.GetAppRequest;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.GetEndpointsReply;
import io.longwire.rpc.saver.GetEndpointsRequest;
import io.longwire.rpc.saver.GetHeadRequest;
import io.longwire.rpc.saver.History;
import io.longwire.rpc.saver.HistoryRequest;
import io.longwire.rpc.saver.Inbox;
import io.longwire.rpc.saver.InboxRequest;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.rpc.saver.LeaseSchedulesRequest;
import io.longwire.rpc.saver.ListAppsReply;
import io.longwire.rpc.saver.ListAppsRequest;
import io.longwire.rpc.saver.ListAuditReply;
import io.longwire.rpc.saver.ListAuditRequest;
import io.longwire.rpc.saver.ListDeadReply;
import io.longwire.rpc.saver.ListDeadRequest;
import io.longwire.rpc.saver.ListKeysReply;
import io.longwire.rpc.saver.ListSchedulesReply;
import io.longwire.rpc.saver.ListSchedulesRequest;
import io.longwire.rpc.saver.MarkDeadRequest;
import io.longwire.rpc.saver.MessageHead;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.rpc.saver.PullReceiptsReply;
import io.longwire.rpc.saver.PullReceiptsRequest;
import io.longwire.rpc.saver.RegisterEndpointRequest;
import io.longwire.rpc.saver.SaverGrpc;
import io.longwire.rpc.saver.SaverGrpc.SaverStub;
import io.longwire.rpc.saver.Schedule;
import io.longwire.rpc.saver.ScheduleRequest;
import io.longwire.rpc.saver.SettleScheduleRequest;
import io.longwire.rpc.saver.Timeline;
import io.longwire.rpc.saver.TimelineRequest;
import io.longwire.rpc.saver.UpdateAppRequest;
import io.longwire.rpc.saver.Usage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The savers as one. No call blocks. A future completes with the answer, or exceptionally with {@link
 * io.longwire.keeper.rpc.RpcFailure}, within the deadline of its call: append 1 s, fetch 500 ms, everything else 3 s.
 * An append that failed that way may have been stored: ask again with the same message id (and the same idempotency
 * key); every call here may be repeated without harm.
 */
public final class SaverClient implements AutoCloseable {
    /** The part's name in the cluster. */
    public static final String PART = "saver";

    private static final Duration SCAN = Duration.ofSeconds(30);

    private final BatchCall<AppendItem, AppendResult> appends;
    private final BatchCall<FetchItem, FetchResult> fetches;
    private final BatchCall<EndItem, EndResult> ends;
    private final Unary<SaverStub> unary;

    /** Opens nothing yet; streams open at first use. */
    public SaverClient(Rpc rpc, Cluster cluster) {
        // by slot: the saver that stored a message is the one that hears of its end, and need not look it up
        this.appends = rpc.anyOf(PART, new AppendMethod(cluster),
                Balance.byKey(item -> Slots.of(item.getEndpointId())));
        this.fetches = rpc.anyOf(PART, new FetchMethod(), Balance.<FetchItem>roundRobin());
        this.ends = rpc.anyOf(PART, new EndMethod(), Balance.byKey(item -> Slots.of(item.getEndpointId())));
        this.unary = new Unary<>(rpc, SaverGrpc::newStub);
    }

    /** ACCEPTED = the message is kept until it ends. The caller looks up the register afterwards, never before. */
    public CompletableFuture<AppendResult> append(AppendItem item) {
        return appends.call(item);
    }

    /** What waits for an endpoint, by id, without what the caller has in its window. */
    public CompletableFuture<FetchResult> fetch(FetchItem item) {
        return fetches.call(item);
    }

    /** Ends a message (acks), or notes an attempt. UNAVAILABLE, or a failure: keep it and send it again. */
    public CompletableFuture<EndResult> end(EndItem item) {
        return ends.call(item);
    }

    public CompletableFuture<Timeline> timeline(TimelineRequest request) {
        return unary.call((stub, answer) -> stub.getTimeline(request, answer));
    }

    public CompletableFuture<Inbox> inbox(InboxRequest request) {
        return unary.call((stub, answer) -> stub.getInbox(request, answer));
    }

    /** What an endpoint was sent in the last 7 days, newest first. */
    public CompletableFuture<History> history(HistoryRequest request) {
        return unary.call((stub, answer) -> stub.getHistory(request, answer));
    }

    public CompletableFuture<CancelReply> cancel(CancelRequest request) {
        return unary.call((stub, answer) -> stub.cancelMessage(request, answer));
    }

    /** One scan of the ledger over at most 24 h; up to 30 s. */
    public CompletableFuture<Conservation> conservation(ConservationRequest request) {
        return unary.call(SCAN, (stub, answer) -> stub.getConservation(request, answer));
    }

    /** The same install of the same app gives the same endpoint. */
    public CompletableFuture<EndpointRecord> registerEndpoint(RegisterEndpointRequest request) {
        return unary.call((stub, answer) -> stub.registerEndpoint(request, answer));
    }

    public CompletableFuture<EndpointRecord> endpoint(GetEndpointRequest request) {
        return unary.call((stub, answer) -> stub.getEndpoint(request, answer));
    }

    /** Up to 1000 endpoints and what waits for each, aligned; ABSENT for one that the app does not have. */
    public CompletableFuture<GetEndpointsReply> endpoints(GetEndpointsRequest request) {
        return unary.call((stub, answer) -> stub.getEndpoints(request, answer));
    }

    public CompletableFuture<EndpointRecord> deleteEndpoint(GetEndpointRequest request) {
        return unary.call((stub, answer) -> stub.deleteEndpoint(request, answer));
    }

    /** Changes tags, attributes and aliases of an endpoint, and answers with all of them once they are durable. */
    public CompletableFuture<Profile> updateProfile(ProfileUpdate update) {
        return unary.call((stub, answer) -> stub.updateProfile(update, answer));
    }

    /** What the endpoint has of tags, attributes and aliases. */
    public CompletableFuture<Profile> profile(GetEndpointRequest request) {
        return unary.call((stub, answer) -> stub.getProfile(request, answer));
    }

    /** The endpoints that an alias is bound to, not cached here. */
    public CompletableFuture<AliasReply> findAlias(AliasRequest request) {
        return unary.call((stub, answer) -> stub.findAlias(request, answer));
    }

    public CompletableFuture<AppRecord> createApp(CreateAppRequest request) {
        return unary.call((stub, answer) -> stub.createApp(request, answer));
    }

    public CompletableFuture<AppRecord> app(GetAppRequest request) {
        return unary.call((stub, answer) -> stub.getApp(request, answer));
    }

    public CompletableFuture<ListAppsReply> apps() {
        return unary.call((stub, answer) -> stub
                .listApps(ListAppsRequest.getDefaultInstance(), answer));
    }

    public CompletableFuture<KeyRecord> createKey(CreateKeyRequest request) {
        return unary.call((stub, answer) -> stub.createKey(request, answer));
    }

    public CompletableFuture<KeyRecord> findKey(FindKeyRequest request) {
        return unary.call((stub, answer) -> stub.findKey(request, answer));
    }

    public CompletableFuture<KeyRecord> revokeKey(FindKeyRequest request) {
        return unary.call((stub, answer) -> stub.revokeKey(request, answer));
    }

    /** Changes the fields that the mask names; others stay. */
    public CompletableFuture<AppRecord> updateApp(UpdateAppRequest request) {
        return unary.call((stub, answer) -> stub.updateApp(request, answer));
    }

    /** The keys of an app, revoked ones included. */
    public CompletableFuture<ListKeysReply> keys(GetAppRequest request) {
        return unary.call((stub, answer) -> stub.listKeys(request, answer));
    }

    public CompletableFuture<Usage> usage(GetAppRequest request) {
        return unary.call((stub, answer) -> stub.getUsage(request, answer));
    }

    /** Answers the record as it is kept, with its number and time. */
    public CompletableFuture<AuditRecord> audit(AuditRecord record) {
        return unary.call((stub, answer) -> stub.addAudit(record, answer));
    }

    public CompletableFuture<ListAuditReply> auditLog(ListAuditRequest request) {
        return unary.call((stub, answer) -> stub.listAudit(request, answer));
    }

    /** Claims a key for a request with several targets. Settle it when all of them are accepted. */
    public CompletableFuture<ClaimKeyReply> claimKey(ClaimKeyRequest request) {
        return unary.call((stub, answer) -> stub.claimKey(request, answer));
    }

    public CompletableFuture<ClaimKeyReply> settleKey(ClaimKeyRequest request) {
        return unary.call((stub, answer) -> stub.settleKey(request, answer));
    }

    /** Answers the head that stands: a retry finds the targets of the first attempt there. */
    public CompletableFuture<MessageHead> putHead(MessageHead head) {
        return unary.call((stub, answer) -> stub.putHead(head, answer));
    }

    /** The head, or one with app_id 0. */
    public CompletableFuture<MessageHead> head(GetHeadRequest request) {
        return unary.call((stub, answer) -> stub.getHead(request, answer));
    }

    public CompletableFuture<Funnel> funnel(FunnelRequest request) {
        return unary.call((stub, answer) -> stub.getFunnel(request, answer));
    }

    /** The same idempotency gives the same schedule; with another body the call is refused: ALREADY_EXISTS. */
    public CompletableFuture<Schedule> putSchedule(Schedule schedule) {
        return unary.call((stub, answer) -> stub.putSchedule(schedule, answer));
    }

    /** Looks at a schedule, or changes its state. ABSENT = there is none. */
    public CompletableFuture<Schedule> schedule(ScheduleRequest request) {
        return unary.call((stub, answer) -> stub.getSchedule(request, answer));
    }

    public CompletableFuture<ListSchedulesReply> schedules(ListSchedulesRequest request) {
        return unary.call((stub, answer) -> stub.listSchedules(request, answer));
    }

    /** Due schedules, each leased to one caller; who dies leaves them to the next. */
    public CompletableFuture<ListSchedulesReply> leaseSchedules(LeaseSchedulesRequest request) {
        return unary.call((stub, answer) -> stub.leaseSchedules(request, answer));
    }

    public CompletableFuture<Schedule> settleSchedule(SettleScheduleRequest request) {
        return unary.call((stub, answer) -> stub.settleSchedule(request, answer));
    }

    public CompletableFuture<ListDeadReply> deadLetters(ListDeadRequest request) {
        return unary.call((stub, answer) -> stub.listDead(request, answer));
    }

    /** One letter with its envelope; endpoint_id 0 = there is none. */
    public CompletableFuture<DeadLetter> deadLetter(CancelRequest request) {
        return unary.call((stub, answer) -> stub.getDead(request, answer));
    }

    public CompletableFuture<PullReceiptsReply> pullReceipts(PullReceiptsRequest request) {
        return unary.call((stub, answer) -> stub.pullReceipts(request, answer));
    }

    /** Notes what it was sent again as; the first mark stays. */
    public CompletableFuture<DeadLetter> markDead(MarkDeadRequest request) {
        return unary.call((stub, answer) -> stub.markDead(request, answer));
    }

    /** Everything pending fails with CLOSED. */
    @Override
    public void close() {
        appends.close();
        fetches.close();
        ends.close();
    }
}
