package io.longwire.center.list;

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
import java.util.concurrent.CompletableFuture;

/** Where lists are kept; the savers. Futures fail with RpcFailure within their deadline; all may be repeated. */
public interface ListStore {
    /** The list in force: with an idempotency key used before, the earlier one. */
    CompletableFuture<AudienceList> create(AudienceList list);

    /** The list as it is then, ABSENT = there is none; what is not OPEN takes no part. */
    CompletableFuture<AudienceList> append(ListPart part);

    /** The list as it is then; it may take long. */
    CompletableFuture<AudienceList> seal(SealListRequest request);

    CompletableFuture<AudienceList> get(ListRequest request);

    CompletableFuture<FindListsReply> find(FindListsRequest request);

    /** The list as it is then: not DELETED where a broadcast to it is not over. */
    CompletableFuture<AudienceList> delete(ListRequest request);

    CompletableFuture<ListChunk> chunk(ChunkRequest request);

    /** The slice that stands under this number: the first one that was put. */
    CompletableFuture<ListSlice> putSlice(ListSlice slice);

    CompletableFuture<ListSlices> slices(FindSlicesRequest request);
}
