package io.longwire.saver.client;

import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.AudienceListsGrpc;
import io.longwire.rpc.saver.AudienceListsGrpc.AudienceListsStub;
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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Uploaded audiences, which the savers keep. No call blocks. A future completes with the answer, or exceptionally with
 * {@link io.longwire.keeper.rpc.RpcFailure}, within 3 s, an append within 10 s, a seal within {@link #SEAL}; every call
 * may be repeated without harm. A list that is not there, or is another app's, is answered in state ABSENT; what does
 * not fit the state of the list is refused, see {@link Refusal}. Opens nothing of its own, so there is nothing to
 * close.
 */
public final class AudienceListClient {
    /** How long a seal may take. Whoever cannot wait asks again later, and joins what is under way. */
    public static final Duration SEAL = Duration.ofMinutes(2);

    private static final Duration APPEND = Duration.ofSeconds(10);

    private final Unary<AudienceListsStub> unary;

    public AudienceListClient(Rpc rpc) {
        this.unary = new Unary<>(rpc, AudienceListsGrpc::newStub);
    }

    /** A new list, or the one with this key, whatever it has become. QUEUE_FULL: the app has 50 not deleted. */
    public CompletableFuture<AudienceList> create(AudienceList list) {
        return unary.call((stub, answer) -> stub.createList(list, answer));
    }

    /** Keeps a part; the last one of a number counts. Refused unless the list is OPEN, and above 10 M endpoints. */
    public CompletableFuture<AudienceList> append(ListPart part) {
        return unary.call(APPEND, (stub, answer) -> stub.appendPart(part, answer));
    }

    /**
     * Answers the list once it is SEALED. Refused while parts are missing or lines are bad. QUEUE_FULL: a part came
     * meanwhile, or others are sealed for long; asking again helps.
     */
    public CompletableFuture<AudienceList> seal(SealListRequest request) {
        return unary.call(SEAL, (stub, answer) -> stub.sealList(request, answer));
    }

    public CompletableFuture<AudienceList> get(ListRequest request) {
        return unary.call((stub, answer) -> stub.getList(request, answer));
    }

    /** Newest first, without those that are deleted; an app has about 50 at most. */
    public CompletableFuture<FindListsReply> find(FindListsRequest request) {
        return unary.call((stub, answer) -> stub.findLists(request, answer));
    }

    /** Answers it DELETED. Refused while a broadcast to it is not over. */
    public CompletableFuture<AudienceList> delete(ListRequest request) {
        return unary.call((stub, answer) -> stub.deleteList(request, answer));
    }

    /** Refused unless the list is SEALED and has the chunk. */
    public CompletableFuture<ListChunk> chunk(ChunkRequest request) {
        return unary.call((stub, answer) -> stub.readChunk(request, answer));
    }

    /** Notes what a part of a chunk goes out as; the first note of its number stands, and is answered. */
    public CompletableFuture<ListSlice> putSlice(ListSlice slice) {
        return unary.call((stub, answer) -> stub.putSlice(slice, answer));
    }

    /** Those of a chunk, or the last one of a range. */
    public CompletableFuture<ListSlices> slices(FindSlicesRequest request) {
        return unary.call((stub, answer) -> stub.findSlices(request, answer));
    }
}
