package io.longwire.room.end;

import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import java.util.concurrent.CompletableFuture;

/** Where ends and attempts are kept for good: the savers. Thread-safe. */
public interface EndSink {
    /** Never blocks; completes on any thread within its deadline. UNAVAILABLE or a failure: ask again. */
    CompletableFuture<EndResult> end(EndItem item);
}
