package io.longwire.coordinator.receipt;

import io.longwire.rpc.saver.PullReceiptsReply;
import io.longwire.rpc.saver.PullReceiptsRequest;
import java.util.concurrent.CompletableFuture;

/** Where receipts come from: the savers, in the order of a cursor. Fails with RpcFailure within its deadline. */
public interface ReceiptFeed {
    CompletableFuture<PullReceiptsReply> pull(PullReceiptsRequest request);
}
