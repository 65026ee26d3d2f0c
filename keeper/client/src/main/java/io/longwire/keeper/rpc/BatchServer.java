package io.longwire.keeper.rpc;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The server side of a batched stream: one reply for each batch, in order of arrival, bounded work in flight. */
public final class BatchServer {
    /** Batches of one stream that may be worked on at once; the next is read only after one is answered. */
    public static final int MAX_IN_FLIGHT = 32;

    private BatchServer() {
    }

    /**
     * Serves one stream. The handler is called on a gRPC thread, batch after batch in order, and must not block; its
     * future completes with the reply. Replies leave in order of their batches. A handler that throws, or a future that
     * fails, ends the stream with INTERNAL and is logged once a second.
     */
    public static <Q, A> StreamObserver<Q> serve(StreamObserver<A> replies, Function<Q, CompletableFuture<A>> handler) {
        return new BatchStreamObserver<>(replies, handler);
    }
}
