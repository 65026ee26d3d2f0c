package io.longwire.keeper.rpc;

import java.util.concurrent.CompletableFuture;

/**
 * Something items can be sent to, each answered by a result. Thread-safe. Items handed over by one thread keep their
 * order on the wire. They are gathered for at most 2 ms, 500 items or 64 KB.
 */
public interface BatchCall<I, R> extends AutoCloseable {
    /**
     * Never blocks. Completes with the result, or exceptionally with {@link RpcFailure}; always within the
     * deadline.
     */
    CompletableFuture<R> call(I item);

    /** Items queued or in flight. */
    int pending();

    /** Everything pending fails with CLOSED. */
    @Override
    void close();
}
