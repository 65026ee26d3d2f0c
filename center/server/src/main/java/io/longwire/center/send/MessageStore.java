package io.longwire.center.send;

import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import java.util.concurrent.CompletableFuture;

/** Where messages are kept; the savers. */
@FunctionalInterface
public interface MessageStore {
    /** Fails with RpcFailure within 1 s; may be asked again with the same id. */
    CompletableFuture<AppendResult> append(AppendItem item);
}
