package io.longwire.keeper.rpc;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Placeholder of this minute. */
final class BatchStreamObserver<Q, A> implements StreamObserver<Q> {
    BatchStreamObserver(StreamObserver<A> replies, Function<Q, CompletableFuture<A>> handler) {
    }

    @Override
    public void onNext(Q batch) {
    }

    @Override
    public void onError(Throwable broken) {
    }

    @Override
    public void onCompleted() {
    }
}
