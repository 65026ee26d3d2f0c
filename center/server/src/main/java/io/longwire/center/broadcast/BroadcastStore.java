package io.longwire.center.broadcast;

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
import io.longwire.rpc.saver.ReportWalksRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where broadcasts are kept; the savers. Futures fail with RpcFailure within their deadline; all may be repeated. */
public interface BroadcastStore {
    /** The broadcast in force: with an idempotency key used before, the earlier one, whatever its body. */
    CompletableFuture<Broadcast> create(Broadcast broadcast);

    /** The broadcast as it is after the change, or as it was if it could not be made; ABSENT = there is none. */
    CompletableFuture<Broadcast> change(BroadcastChange change);

    /** With a broadcast in state ABSENT if there is none. */
    CompletableFuture<BroadcastProgress> progress(BroadcastRequest request);

    /** With a broadcast in state ABSENT if there is none. */
    CompletableFuture<BroadcastEndpoint> endpoint(BroadcastEndpointRequest request);

    CompletableFuture<ListBroadcastsReply> list(ListBroadcastsRequest request);

    CompletableFuture<EstimateReply> estimate(EstimateRequest request);

    CompletableFuture<LeaseWalksReply> leaseWalks(LeaseWalksRequest request);

    CompletableFuture<LeaseWalksReply> reportWalks(ReportWalksRequest request);

    /** What any center changed within so many milliseconds, at most 15,000; the latest first. */
    CompletableFuture<List<Broadcast>> changes(int withinMillis);
}
