package io.longwire.room.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.rpc.RpcFailure;
import java.util.concurrent.CompletableFuture;

/** The one answer of a unary call as a future that always completes. */
record Unary<A>(CompletableFuture<A> future) implements StreamObserver<A> {
    Unary() {
        this(new CompletableFuture<>());
    }

    @Override
    public void onNext(A answer) {
        future.complete(answer);
    }

    @Override
    public void onError(Throwable broken) {
        future.completeExceptionally(failure(broken));
    }

    @Override
    public void onCompleted() {
        future.completeExceptionally(new RpcFailure(RpcFailure.Kind.REFUSED, "room: no answer"));
    }

    private static RpcFailure failure(Throwable broken) {
        if (!(broken instanceof StatusRuntimeException refused)) {
            return new RpcFailure(RpcFailure.Kind.DISCONNECTED, "room: " + broken);
        }
        Status status = refused.getStatus();
        RpcFailure.Kind kind = switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> RpcFailure.Kind.DEADLINE;
            case UNAVAILABLE -> RpcFailure.Kind.DISCONNECTED;
            default -> RpcFailure.Kind.REFUSED;
        };
        return new RpcFailure(kind, "room: " + status.getCode()
                + (status.getDescription() == null ? "" : ", " + status.getDescription()));
    }
}
