package io.longwire.center;

import io.longwire.center.broadcast.BroadcastStore;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.BroadcastEndpoint;
import io.longwire.rpc.saver.BroadcastEndpointRequest;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.EstimateReply;
import io.longwire.rpc.saver.EstimateRequest;
import io.longwire.rpc.saver.LeaseWalksReply;
import io.longwire.rpc.saver.LeaseWalksRequest;
import io.longwire.rpc.saver.ListBroadcastsReply;
import io.longwire.rpc.saver.ListBroadcastsRequest;
import io.longwire.rpc.saver.ListChangesReply;
import io.longwire.rpc.saver.ReportWalksRequest;
import io.longwire.saver.client.BroadcastClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Broadcasts, kept by the savers; one to a list that cannot be sent to is refused in their words. Stateless. */
record SaverBroadcasts(BroadcastClient saver) implements BroadcastStore {
    @Override
    public CompletableFuture<Broadcast> create(Broadcast broadcast) {
        return SaverLists.refusing(saver.create(broadcast));
    }

    @Override
    public CompletableFuture<Broadcast> change(BroadcastChange change) {
        return saver.change(change);
    }

    @Override
    public CompletableFuture<BroadcastProgress> progress(BroadcastRequest request) {
        return saver.progress(request);
    }

    @Override
    public CompletableFuture<BroadcastEndpoint> endpoint(BroadcastEndpointRequest request) {
        return saver.endpoint(request);
    }

    @Override
    public CompletableFuture<ListBroadcastsReply> list(ListBroadcastsRequest request) {
        return saver.list(request);
    }

    @Override
    public CompletableFuture<EstimateReply> estimate(EstimateRequest request) {
        return saver.estimate(request);
    }

    @Override
    public CompletableFuture<LeaseWalksReply> leaseWalks(LeaseWalksRequest request) {
        return saver.leaseWalks(request);
    }

    @Override
    public CompletableFuture<LeaseWalksReply> reportWalks(ReportWalksRequest request) {
        return saver.reportWalks(request);
    }

    @Override
    public CompletableFuture<List<Broadcast>> changes(int withinMillis) {
        return saver.changes(withinMillis).thenApply(ListChangesReply::getBroadcastsList);
    }
}
