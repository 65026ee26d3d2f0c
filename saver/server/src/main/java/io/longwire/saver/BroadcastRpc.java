package io.longwire.saver;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.BroadcastEndpoint;
import io.longwire.rpc.saver.BroadcastEndpointRequest;
import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.BroadcastNotesReply;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.BroadcastsGrpc.BroadcastsImplBase;
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
import io.longwire.saver.append.RequestKeys;
import io.longwire.saver.broadcast.ActiveList;
import io.longwire.saver.broadcast.BroadcastEnds;
import io.longwire.saver.broadcast.Broadcasts;
import io.longwire.saver.broadcast.Estimates;
import io.longwire.saver.broadcast.Matches;
import io.longwire.saver.broadcast.Notes;
import io.longwire.saver.broadcast.ReadEndpoint;
import io.longwire.saver.broadcast.ReadProgress;
import io.longwire.saver.broadcast.Walks;
import io.longwire.saver.keep.SameTime;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.list.ListAcks;

/** The calls about broadcasts, each answered by its feature. Nothing here blocks. */
final class BroadcastRpc extends BroadcastsImplBase {
    /** What answers. */
    record Parts(Broadcasts broadcasts, ActiveList active, Walks walks, ReadProgress progress, ReadEndpoint endpoint,
            Notes notes,
            Matches matches, Estimates estimates) {
    }

    private static final int MATCHING = 4;

    private final Parts parts;

    private BroadcastRpc(Parts parts) {
        this.parts = parts;
    }

    static BroadcastRpc wire(Service service, Records.Stores stores, RequestKeys keys, ListAcks.Counting counting) {
        var clock = service.clock();
        var metrics = service.metrics();
        var first = stores.shards().first();
        var calls = stores.calls();
        var matching = service.own(new ColdCalls(MATCHING)); // rooms ask a lot: others do not wait behind them
        service.own(new BroadcastEnds(first, SameTime.of(clock), clock, metrics).start());
        return new BroadcastRpc(new Parts(new Broadcasts(first, stores.apps(), keys, calls, clock, metrics),
                new ActiveList(first, calls, metrics), new Walks(first, calls, clock, metrics),
                new ReadProgress(first, calls, new ListAcks(first, calls, counting, clock, metrics)),
                new ReadEndpoint(stores.shards(), calls),
                service.own(new Notes(first, metrics)), new Matches(stores.shards(), matching, clock, metrics),
                new Estimates(stores.shards(), calls, clock, metrics)));
    }

    @Override
    public void create(Broadcast request, StreamObserver<Broadcast> answer) {
        Answers.send(answer, parts.broadcasts.create(request));
    }

    @Override
    public void get(BroadcastRequest request, StreamObserver<Broadcast> answer) {
        Answers.send(answer, parts.broadcasts.get(request));
    }

    @Override
    public void list(ListBroadcastsRequest request, StreamObserver<ListBroadcastsReply> answer) {
        Answers.send(answer, parts.broadcasts.list(request));
    }

    @Override
    public void change(BroadcastChange request, StreamObserver<Broadcast> answer) {
        Answers.send(answer, parts.broadcasts.change(request));
    }

    @Override
    public void getProgress(BroadcastRequest request, StreamObserver<BroadcastProgress> answer) {
        Answers.send(answer, parts.progress.read(request));
    }

    @Override
    public void getEndpoint(BroadcastEndpointRequest request, StreamObserver<BroadcastEndpoint> answer) {
        Answers.send(answer, parts.endpoint.read(request));
    }

    @Override
    public void listActive(ListActiveRequest request, StreamObserver<ListActiveReply> answer) {
        Answers.send(answer, parts.active.list(request));
    }

    @Override
    public void addNotes(BroadcastNotes request, StreamObserver<BroadcastNotesReply> answer) {
        Answers.send(answer, parts.notes.add(request));
    }

    @Override
    public void matchProfiles(MatchProfilesRequest request, StreamObserver<MatchProfilesReply> answer) {
        Answers.send(answer, parts.matches.match(request, ((ServerCallStreamObserver<?>) answer)::isCancelled));
    }

    @Override
    public void estimateAudience(EstimateRequest request, StreamObserver<EstimateReply> answer) {
        Answers.send(answer, parts.estimates.estimate(request));
    }

    @Override
    public void leaseWalks(LeaseWalksRequest request, StreamObserver<LeaseWalksReply> answer) {
        Answers.send(answer, parts.walks.lease(request));
    }

    @Override
    public void reportWalks(ReportWalksRequest request, StreamObserver<LeaseWalksReply> answer) {
        Answers.send(answer, parts.walks.report(request));
    }

    @Override
    public void listChanges(ListChangesRequest request, StreamObserver<ListChangesReply> answer) {
        Answers.send(answer, parts.walks.changes(request));
    }
}
