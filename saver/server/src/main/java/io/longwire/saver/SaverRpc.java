package io.longwire.saver;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.rpc.BatchServer;
import io.longwire.rpc.saver.AliasReply;
import io.longwire.rpc.saver.AliasRequest;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendBatch;
import io.longwire.rpc.saver.AppendBatchReply;
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
import io.longwire.rpc.saver.EndBatch;
import io.longwire.rpc.saver.EndBatchReply;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.FetchBatch;
import io.longwire.rpc.saver.FetchBatchReply;
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
import io.longwire.rpc.saver.SaverGrpc.SaverImplBase;
import io.longwire.rpc.saver.Schedule;
import io.longwire.rpc.saver.ScheduleRequest;
import io.longwire.rpc.saver.SettleScheduleRequest;
import io.longwire.rpc.saver.Timeline;
import io.longwire.rpc.saver.TimelineRequest;
import io.longwire.rpc.saver.UpdateAppRequest;
import io.longwire.rpc.saver.Usage;
import io.longwire.saver.account.Accounts;
import io.longwire.saver.append.Appends;
import io.longwire.saver.ask.ConservationScan;
import io.longwire.saver.ask.ManyEndpoints;
import io.longwire.saver.ask.Timelines;
import io.longwire.saver.end.DeadLetters;
import io.longwire.saver.end.EndItems;
import io.longwire.saver.fetch.Fetches;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.watch.SaverMetric;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The saver's calls: batches in, aligned results out; cold questions answered one by one. Nothing here blocks. Long
 * because it is one flat list, a call each; what answers stands in the features.
 */
final class SaverRpc extends SaverImplBase {
    /** What answers. */
    record Parts(Appends appends, Fetches fetches, EndItems ends, Timelines timelines, ManyEndpoints many,
            ConservationScan conservation, Accounts accounts, Records records, DeadLetters letters, ColdCalls calls) {
    }

    private final Parts parts;
    private final Cluster cluster;
    private final Clock clock;
    private final Metrics.Timer appendTime;
    private final Metrics.Timer fetchTime;

    SaverRpc(Parts parts, Cluster cluster, Clock clock, Metrics metrics) {
        this.parts = parts;
        this.cluster = cluster;
        this.clock = clock;
        this.appendTime = metrics.timer(SaverMetric.APPEND_TIME);
        this.fetchTime = metrics.timer(SaverMetric.FETCH_TIME);
    }

    @Override
    public StreamObserver<AppendBatch> append(StreamObserver<AppendBatchReply> replies) {
        return BatchServer.serve(replies, batch -> {
            if (batch.hasStamp()) {
                cluster.heard(batch.getStamp());
            }
            return timed(appendTime, Gather.all(batch.getItemsList(), parts.appends::append)).thenApply(
                    results -> AppendBatchReply.newBuilder().setBatchId(batch.getBatchId()).addAllResults(results)
                            .build());
        });
    }

    @Override
    public StreamObserver<FetchBatch> fetch(StreamObserver<FetchBatchReply> replies) {
        return BatchServer.serve(replies, batch -> {
            batch.getItemsList().forEach(item -> parts.accounts.seen().note(item.getEndpointId(), item.getOnlineS()));
            return timed(fetchTime, Gather.all(batch.getItemsList(), this::fetch)).thenApply(
                    results -> FetchBatchReply.newBuilder().setBatchId(batch.getBatchId()).addAllResults(results)
                            .build());
        });
    }

    private CompletableFuture<FetchResult> fetch(FetchItem item) {
        return item.getSeenOnly() // the default is OK
                ? CompletableFuture.completedFuture(FetchResult.getDefaultInstance())
                : parts.fetches.fetch(item);
    }

    @Override
    public StreamObserver<EndBatch> end(StreamObserver<EndBatchReply> replies) {
        return BatchServer.serve(replies,
                batch -> Gather.all(batch.getItemsList(), parts.ends::handle).thenApply(
                        results -> EndBatchReply.newBuilder().setBatchId(batch.getBatchId()).addAllResults(results)
                                .build()));
    }

    @Override
    public void getTimeline(TimelineRequest request, StreamObserver<Timeline> answer) {
        Answers.send(answer, parts.timelines.timeline(request));
    }

    @Override
    public void getInbox(InboxRequest request, StreamObserver<Inbox> answer) {
        Answers.send(answer, parts.timelines.inbox(request));
    }

    @Override
    public void getHistory(HistoryRequest request, StreamObserver<History> answer) {
        Answers.send(answer, parts.timelines.history(request));
    }

    @Override
    public void cancelMessage(CancelRequest request, StreamObserver<CancelReply> answer) {
        Answers.send(answer, parts.timelines.cancel(request));
    }

    @Override
    public void getConservation(ConservationRequest request, StreamObserver<Conservation> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.conservation.scan(request)));
    }

    @Override
    public void registerEndpoint(RegisterEndpointRequest request, StreamObserver<EndpointRecord> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.accounts.registration().register(request)));
    }

    @Override
    public void getEndpoint(GetEndpointRequest request, StreamObserver<EndpointRecord> answer) {
        Answers.send(answer, parts.calls.call(
                () -> parts.accounts.registration().get(request.getEndpointId(), request.getAppId())));
    }

    @Override
    public void deleteEndpoint(GetEndpointRequest request, StreamObserver<EndpointRecord> answer) {
        Answers.send(answer, parts.accounts.deletion().delete(request.getEndpointId(), request.getAppId()));
    }

    @Override
    public void getEndpoints(GetEndpointsRequest request, StreamObserver<GetEndpointsReply> answer) {
        Answers.send(answer, parts.many.get(request));
    }

    @Override
    public void createApp(CreateAppRequest request, StreamObserver<AppRecord> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.accounts.apps().create(request)));
    }

    @Override
    public void getApp(GetAppRequest request, StreamObserver<AppRecord> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.accounts.apps().get(request.getAppId())));
    }

    @Override
    public void listApps(ListAppsRequest request, StreamObserver<ListAppsReply> answer) {
        Answers.send(answer, parts.calls
                .call(() -> ListAppsReply.newBuilder().addAllApps(parts.accounts.apps().list()).build()));
    }

    @Override
    public void createKey(CreateKeyRequest request, StreamObserver<KeyRecord> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.accounts.keys().create(request)));
    }

    @Override
    public void findKey(FindKeyRequest request, StreamObserver<KeyRecord> answer) {
        Answers.send(answer,
                parts.calls.call(() -> parts.accounts.keys().find(request.getKeyHash(), request.getUsedMs())));
    }

    @Override
    public void revokeKey(FindKeyRequest request, StreamObserver<KeyRecord> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.accounts.keys().revoke(request.getKeyHash())));
    }

    @Override
    public void listKeys(GetAppRequest request, StreamObserver<ListKeysReply> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.accounts.keys().list(request.getAppId())));
    }

    @Override
    public void updateApp(UpdateAppRequest request, StreamObserver<AppRecord> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.accounts.apps().update(request)));
    }

    @Override
    public void getUsage(GetAppRequest request, StreamObserver<Usage> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.records.asked().usage().get(request.getAppId())));
    }

    @Override
    public void addAudit(AuditRecord request, StreamObserver<AuditRecord> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.records.asked().audit().add(request)));
    }

    @Override
    public void listAudit(ListAuditRequest request, StreamObserver<ListAuditReply> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.records.asked().audit().list(request)));
    }

    @Override
    public void claimKey(ClaimKeyRequest request, StreamObserver<ClaimKeyReply> answer) {
        Answers.send(answer, parts.records.written().keys().claim(request));
    }

    @Override
    public void settleKey(ClaimKeyRequest request, StreamObserver<ClaimKeyReply> answer) {
        Answers.send(answer, parts.records.written().keys().settle(request));
    }

    @Override
    public void putHead(MessageHead request, StreamObserver<MessageHead> answer) {
        Answers.send(answer, parts.records.written().heads().put(request));
    }

    @Override
    public void getHead(GetHeadRequest request, StreamObserver<MessageHead> answer) {
        Answers.send(answer, parts.records.written().heads().get(request.getAppId(), request.getMessageId())
                .thenApply(head -> request.getWithoutPayload() ? head.toBuilder().clearPayload().build() : head));
    }

    @Override
    public void getFunnel(FunnelRequest request, StreamObserver<Funnel> answer) {
        Answers.send(answer, parts.records.asked().funnels().count(request));
    }

    @Override
    public void updateProfile(ProfileUpdate request, StreamObserver<Profile> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.records.profiles().update(request)));
    }

    @Override
    public void getProfile(GetEndpointRequest request, StreamObserver<Profile> answer) {
        Answers.send(answer, parts.calls
                .call(() -> parts.records.profiles().get(request.getEndpointId(), request.getAppId())));
    }

    @Override
    public void findAlias(AliasRequest request, StreamObserver<AliasReply> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.records.profiles().find(request)));
    }

    @Override
    public void putSchedule(Schedule request, StreamObserver<Schedule> answer) {
        Answers.send(answer, parts.records.schedules().put(request));
    }

    @Override
    public void getSchedule(ScheduleRequest request, StreamObserver<Schedule> answer) {
        Answers.send(answer, parts.records.schedules().get(request));
    }

    @Override
    public void listSchedules(ListSchedulesRequest request, StreamObserver<ListSchedulesReply> answer) {
        Answers.send(answer, parts.records.schedules().list(request));
    }

    @Override
    public void leaseSchedules(LeaseSchedulesRequest request, StreamObserver<ListSchedulesReply> answer) {
        Answers.send(answer, parts.records.leases().lease(request));
    }

    @Override
    public void settleSchedule(SettleScheduleRequest request, StreamObserver<Schedule> answer) {
        Answers.send(answer, parts.records.schedules().settle(request));
    }

    @Override
    public void pullReceipts(PullReceiptsRequest request, StreamObserver<PullReceiptsReply> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.records.asked().pulls().pull(request)));
    }

    @Override
    public void listDead(ListDeadRequest request, StreamObserver<ListDeadReply> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.letters.list(request.getAppId(), request.getCursor(),
                request.getLimit(), request.getEndpointId())));
    }

    @Override
    public void getDead(CancelRequest request, StreamObserver<DeadLetter> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.letters.get(request.getAppId(), request.getEndpointId(),
                request.getMessageId())));
    }

    @Override
    public void markDead(MarkDeadRequest request, StreamObserver<DeadLetter> answer) {
        Answers.send(answer, parts.calls.call(() -> parts.letters.resent(request.getAppId(), request.getEndpointId(),
                request.getMessageId(), request.getResentAs())));
    }

    private <T> CompletableFuture<T> timed(Metrics.Timer timer, CompletableFuture<T> work) {
        long began = clock.nanos();
        return work.whenComplete((done, failure) -> timer.record(Duration.ofNanos(clock.nanos() - began)));
    }
}
