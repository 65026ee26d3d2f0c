package io.longwire.room.fetch;

import io.longwire.rpc.saver.FetchItem;
import io.longwire.rpc.saver.FetchResult;
import java.util.concurrent.CompletableFuture;

/** Where waiting messages come from: the savers. Thread-safe. */
public interface InboxSource {
    /** Never blocks; completes on any thread within its deadline. A failure counts as UNAVAILABLE. */
    CompletableFuture<FetchResult> fetch(FetchItem item);
}
