package io.longwire.center.dead;

import io.longwire.rpc.saver.CancelRequest;
import io.longwire.rpc.saver.DeadLetter;
import io.longwire.rpc.saver.ListDeadReply;
import io.longwire.rpc.saver.ListDeadRequest;
import io.longwire.rpc.saver.MarkDeadRequest;
import java.util.concurrent.CompletableFuture;

/** Where dead letters are kept; the savers. Futures fail with RpcFailure within their deadline; all may be repeated. */
public interface DeadStore {
    CompletableFuture<ListDeadReply> deadLetters(ListDeadRequest request);

    /** With its envelope; endpoint_id 0 = there is no such letter. */
    CompletableFuture<DeadLetter> deadLetter(CancelRequest request);

    /** The first mark stays. */
    CompletableFuture<DeadLetter> markDead(MarkDeadRequest request);
}
