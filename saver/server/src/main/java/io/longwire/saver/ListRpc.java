package io.longwire.saver;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.AudienceListsGrpc.AudienceListsImplBase;
import io.longwire.rpc.saver.ChunkRequest;
import io.longwire.rpc.saver.FindListsReply;
import io.longwire.rpc.saver.FindListsRequest;
import io.longwire.rpc.saver.FindSlicesRequest;
import io.longwire.rpc.saver.ListChunk;
import io.longwire.rpc.saver.ListPart;
import io.longwire.rpc.saver.ListRequest;
import io.longwire.rpc.saver.ListSlice;
import io.longwire.rpc.saver.SealListRequest;
import io.longwire.saver.account.Apps;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.list.ListParts;
import io.longwire.saver.list.ListSeals;
import io.longwire.saver.list.ListSlices;
import io.longwire.saver.list.Lists;

/** The calls about uploaded audiences, each answered by its feature. Nothing here blocks. */
final class ListRpc extends AudienceListsImplBase {
    private static final int CALLS = 4; // uploads come in bursts: other cold calls do not wait behind them
    private static final int SEALS = 2;

    private final Lists lists;
    private final ListParts listParts;
    private final ListSeals seals;
    private final ListSlices slices;

    private ListRpc(Lists lists, ListParts listParts, ListSeals seals, ListSlices slices) {
        this.lists = lists;
        this.listParts = listParts;
        this.seals = seals;
        this.slices = slices;
    }

    static ListRpc wire(Service service, Shard first, Apps apps) {
        var clock = service.clock();
        var metrics = service.metrics();
        var calls = service.own(new ColdCalls(CALLS));
        var sealing = service.own(new ColdCalls(SEALS));
        return new ListRpc(new Lists(first, apps, calls, clock), new ListParts(first, calls, metrics),
                new ListSeals(first, calls, sealing, clock, metrics), new ListSlices(first, calls));
    }

    @Override
    public void createList(AudienceList request, StreamObserver<AudienceList> answer) {
        Answers.send(answer, lists.create(request));
    }

    @Override
    public void appendPart(ListPart request, StreamObserver<AudienceList> answer) {
        Answers.send(answer, listParts.append(request));
    }

    @Override
    public void sealList(SealListRequest request, StreamObserver<AudienceList> answer) {
        Answers.send(answer, seals.seal(request));
    }

    @Override
    public void getList(ListRequest request, StreamObserver<AudienceList> answer) {
        Answers.send(answer, lists.get(request));
    }

    @Override
    public void findLists(FindListsRequest request, StreamObserver<FindListsReply> answer) {
        Answers.send(answer, lists.find(request));
    }

    @Override
    public void deleteList(ListRequest request, StreamObserver<AudienceList> answer) {
        Answers.send(answer, lists.delete(request));
    }

    @Override
    public void readChunk(ChunkRequest request, StreamObserver<ListChunk> answer) {
        Answers.send(answer, lists.chunk(request));
    }

    @Override
    public void putSlice(ListSlice request, StreamObserver<ListSlice> answer) {
        Answers.send(answer, slices.put(request));
    }

    @Override
    public void findSlices(FindSlicesRequest request, StreamObserver<io.longwire.rpc.saver.ListSlices> answer) {
        Answers.send(answer, slices.find(request));
    }
}
