package io.longwire.center.receipt;

import io.longwire.rpc.saver.PullReceiptsReply;
import io.longwire.rpc.saver.PullReceiptsRequest;
import java.util.concurrent.CompletableFuture;

/** Where receipts are kept; the savers. Futures fail with RpcFailure within their deadline. */
@FunctionalInterface
public interface ReceiptStore {
    CompletableFuture<PullReceiptsReply> receipts(PullReceiptsRequest request);
}
