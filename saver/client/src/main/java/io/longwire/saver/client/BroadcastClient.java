package io.longwire.saver.client;

import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.BroadcastEndpoint;
import io.longwire.rpc.saver.BroadcastEndpointRequest;
import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.BroadcastNotesReply;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.BroadcastsGrpc;
import io.longwire.rpc.saver.BroadcastsGrpc.BroadcastsStub;
import io.longwire.rpc.saver.EstimateReply;
import io.longwire.rpc.saver.EstimateRequest;
import io.longwire.rpc.saver.LeaseWalksReply;
import io.longwire.rpc.saver.LeaseWalksRequest;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;
import io.longwire.rpc.saver.ListBroadcastsReply;
import io.longwire.rpc.saver.ListBroadcastsRequest;
import io.longwire.rpc.saver.ListChangesReply;
import io.longwire.rpc.saver.ListChangesRequest;
import io.longwire.rpc.saver.MatchProfilesReply;
import io.longwire.rpc.saver.MatchProfilesRequest;
import io.longwire.rpc.saver.ReportWalksRequest;
import io.longwire.rpc.saver.Walk;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What the savers know of broadcasts. No call blocks. A future completes with the answer, or exceptionally with {@link
 * io.longwire.keeper.rpc.RpcFailure}, within 3 s; every call may be repeated without harm. Opens nothing of its own,
 * so there is nothing to close.
 */
public final class BroadcastClient {
    private final Unary<BroadcastsStub> unary;

    public BroadcastClient(Rpc rpc) {
        this.unary = new Unary<>(rpc, BroadcastsGrpc::newStub);
    }

    /**
     * Keeps a broadcast and answers it with its sequence. The same idempotency gives the one of before, whose body
     * hash the caller compares (ABSENT: only its key is there). QUEUE_FULL: the app has 100 that are not over.
     */
    public CompletableFuture<Broadcast> create(Broadcast broadcast) {
        return unary.call((stub, answer) -> stub.create(broadcast, answer));
    }

    /** The broadcast, or one in state ABSENT. */
    public CompletableFuture<Broadcast> get(BroadcastRequest request) {
        return unary.call((stub, answer) -> stub.get(request, answer));
    }

    /** Newest first. Fewer than asked for are not the end (an answer has about 1 MB at most), none are. */
    public CompletableFuture<ListBroadcastsReply> list(ListBroadcastsRequest request) {
        return unary.call((stub, answer) -> stub.list(request, answer));
    }

    /**
     * Changes it if it has the version and can become what is named, and answers it as it is then: the caller looks
     * whether that is what it wanted. ABSENT = there is none.
     */
    public CompletableFuture<Broadcast> change(BroadcastChange change) {
        return unary.call((stub, answer) -> stub.change(change, answer));
    }

    public CompletableFuture<BroadcastProgress> progress(BroadcastRequest request) {
        return unary.call((stub, answer) -> stub.getProgress(request, answer));
    }

    /** How far it is, and what is known of one endpoint. */
    public CompletableFuture<BroadcastEndpoint> endpoint(BroadcastEndpointRequest request) {
        return unary.call((stub, answer) -> stub.getEndpoint(request, answer));
    }

    /** One page of all that are not over; the last one ({@code more} = false) has the floors. */
    public CompletableFuture<ListActiveReply> active(ListActiveRequest request) {
        return unary.call((stub, answer) -> stub.listActive(request, answer));
    }

    /** Notes who acked, showed, clicked; done = committed. */
    public CompletableFuture<BroadcastNotesReply> addNotes(BroadcastNotes notes) {
        return unary.call((stub, answer) -> stub.addNotes(notes, answer));
    }

    public CompletableFuture<MatchProfilesReply> match(MatchProfilesRequest request) {
        return unary.call((stub, answer) -> stub.matchProfiles(request, answer));
    }

    /** Looks through some slots; takes up to 2 s. */
    public CompletableFuture<EstimateReply> estimate(EstimateRequest request) {
        return unary.call((stub, answer) -> stub.estimateAudience(request, answer));
    }

    /** Each walk comes with its whole broadcast. */
    public CompletableFuture<LeaseWalksReply> leaseWalks(LeaseWalksRequest request) {
        return unary.<LeaseWalksReply>call((stub, answer) -> stub.leaseWalks(request, answer))
                .thenApply(BroadcastClient::whole);
    }

    /** Aligned; each walk comes with its whole broadcast, in state ABSENT if the lease is another's by now. */
    public CompletableFuture<LeaseWalksReply> reportWalks(ReportWalksRequest request) {
        return unary.<LeaseWalksReply>call((stub, answer) -> stub.reportWalks(request, answer))
                .thenApply(BroadcastClient::whole);
    }

    /** What was changed within so many milliseconds, at most 15,000. */
    public CompletableFuture<ListChangesReply> changes(int withinMillis) {
        var request = ListChangesRequest.newBuilder().setWithinMs(withinMillis).build();
        return unary.call((stub, answer) -> stub.listChanges(request, answer));
    }

    // On the wire a broadcast stands in its first walk; the others name it.
    static LeaseWalksReply whole(LeaseWalksReply reply) {
        Map<Long, Broadcast> whole = new HashMap<>();
        var walks = LeaseWalksReply.newBuilder().addAllWalked(reply.getWalkedList())
                .addAllChanged(reply.getChangedList());
        for (Walk walk : reply.getWalksList()) {
            if (!walk.hasBroadcast()) {
                walks.addWalks(walk);
            } else {
                Broadcast first = whole.putIfAbsent(walk.getBroadcast().getBroadcastId(), walk.getBroadcast());
                walks.addWalks(first == null ? walk : walk.toBuilder().setBroadcast(first).build());
            }
        }
        return walks.build();
    }
}
