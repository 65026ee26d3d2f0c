package io.longwire.center.status;

import io.longwire.rpc.saver.CancelReply;
import io.longwire.rpc.saver.CancelRequest;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.FunnelRequest;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.GetEndpointsReply;
import io.longwire.rpc.saver.GetEndpointsRequest;
import io.longwire.rpc.saver.History;
import io.longwire.rpc.saver.HistoryRequest;
import io.longwire.rpc.saver.Inbox;
import io.longwire.rpc.saver.InboxRequest;
import io.longwire.rpc.saver.Timeline;
import io.longwire.rpc.saver.TimelineRequest;
import java.util.concurrent.CompletableFuture;

/** What the savers are asked about messages and endpoints. Futures fail with RpcFailure within their deadline. */
public interface Ledger {
    CompletableFuture<Timeline> timeline(TimelineRequest request);

    CompletableFuture<CancelReply> cancel(CancelRequest request);

    CompletableFuture<EndpointRecord> endpoint(GetEndpointRequest request);

    /** Up to 1000 of them and how much waits for each, aligned. */
    CompletableFuture<GetEndpointsReply> endpoints(GetEndpointsRequest request);

    CompletableFuture<Inbox> inbox(InboxRequest request);

    /** What an endpoint was sent in the last 7 days, newest first. */
    CompletableFuture<History> history(HistoryRequest request);

    /** Everything of the endpoint ends, and it is gone from now on; ABSENT = it was never there. */
    CompletableFuture<EndpointRecord> deleteEndpoint(GetEndpointRequest request);

    CompletableFuture<Funnel> funnel(FunnelRequest request);
}
