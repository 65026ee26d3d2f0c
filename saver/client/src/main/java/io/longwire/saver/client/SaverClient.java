package io.longwire.saver.client;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.rpc.Balance;
import io.longwire.keeper.rpc.BatchCall;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.CancelReply;
import io.longwire.rpc.saver.CancelRequest;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.CreateAppRequest;
import io.longwire.rpc.saver.CreateKeyRequest;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.FetchItem;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.FindKeyRequest;
import io.longwire.rpc.saver.GetAppRequest;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.Inbox;
import io.longwire.rpc.saver.InboxRequest;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.rpc.saver.ListAppsReply;
import io.longwire.rpc.saver.ListAppsRequest;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.rpc.saver.RegisterEndpointRequest;
import io.longwire.rpc.saver.Timeline;
import io.longwire.rpc.saver.TimelineRequest;
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
    private final Unary unary;

    /** Opens nothing yet; streams open at first use. */
    public SaverClient(Rpc rpc, Cluster cluster) {
        // by slot: the saver that stored a message is the one that hears of its end, and need not look it up
        this.appends = rpc.anyOf(PART, new AppendMethod(cluster),
                Balance.byKey(item -> Slots.of(item.getEndpointId())));
        this.fetches = rpc.anyOf(PART, new FetchMethod(), Balance.<FetchItem>roundRobin());
        this.ends = rpc.anyOf(PART, new EndMethod(), Balance.byKey(item -> Slots.of(item.getEndpointId())));
        this.unary = new Unary(rpc);
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

    public CompletableFuture<EndpointRecord> deleteEndpoint(GetEndpointRequest request) {
        return unary.call((stub, answer) -> stub.deleteEndpoint(request, answer));
    }

    /** Changes tags, attributes and aliases of an endpoint, and answers with all of them once they are durable. */
    public CompletableFuture<Profile> updateProfile(ProfileUpdate update) {
        return unary.call((stub, answer) -> stub.updateProfile(update, answer));
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

    /** Everything pending fails with CLOSED. */
    @Override
    public void close() {
        appends.close();
        fetches.close();
        ends.close();
    }
}
