package io.longwire.center;

import io.longwire.center.list.ListStore;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.ChunkRequest;
import io.longwire.rpc.saver.FindListsReply;
import io.longwire.rpc.saver.FindListsRequest;
import io.longwire.rpc.saver.FindSlicesRequest;
import io.longwire.rpc.saver.ListChunk;
import io.longwire.rpc.saver.ListPart;
import io.longwire.rpc.saver.ListRequest;
import io.longwire.rpc.saver.ListSlice;
import io.longwire.rpc.saver.ListSlices;
import io.longwire.rpc.saver.SealListRequest;
import io.longwire.saver.client.AudienceListClient;
import io.longwire.saver.client.Refusal;
import java.util.concurrent.CompletableFuture;

/** Lists, kept by the savers; what does not fit the state of a list is refused in their words. Stateless. */
record SaverLists(AudienceListClient saver) implements ListStore {
    @Override
    public CompletableFuture<AudienceList> create(AudienceList list) {
        return saver.create(list);
    }

    @Override
    public CompletableFuture<AudienceList> append(ListPart part) {
        return refusing(saver.append(part));
    }

    @Override
    public CompletableFuture<AudienceList> seal(SealListRequest request) {
        return refusing(saver.seal(request));
    }

    @Override
    public CompletableFuture<AudienceList> get(ListRequest request) {
        return saver.get(request);
    }

    @Override
    public CompletableFuture<FindListsReply> find(FindListsRequest request) {
        return saver.find(request);
    }

    @Override
    public CompletableFuture<AudienceList> delete(ListRequest request) {
        return refusing(saver.delete(request));
    }

    @Override
    public CompletableFuture<ListChunk> chunk(ChunkRequest request) {
        return saver.chunk(request);
    }

    @Override
    public CompletableFuture<ListSlice> putSlice(ListSlice slice) {
        return saver.putSlice(slice);
    }

    @Override
    public CompletableFuture<ListSlices> slices(FindSlicesRequest request) {
        return saver.slices(request);
    }

    /** With a saver's refusal as ours. */
    static <A> CompletableFuture<A> refusing(CompletableFuture<A> answer) {
        return answer.exceptionallyCompose(failure -> CompletableFuture.failedFuture(Refusal.of(failure)
                .<Throwable>map(text -> Refused.because(Why.WRONG_STATE, text)).orElse(failure)));
    }
}
