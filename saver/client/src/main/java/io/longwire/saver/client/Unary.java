package io.longwire.saver.client;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.saver.SaverGrpc;
import io.longwire.rpc.saver.SaverGrpc.SaverStub;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/** One cold call to any live saver as a future that always completes. */
final class Unary {

    private static final Duration DEADLINE = Duration.ofSeconds(3);

    private final Rpc rpc;

    Unary(Rpc rpc) {
        this.rpc = rpc;
    }

    /** A call of the generated stub: request and observer are bound by the caller. */
    interface Call<A> {
        void start(SaverStub stub, StreamObserver<A> answer);
    }

    <A> CompletableFuture<A> call(Call<A> call) {
        return call(DEADLINE, call);
    }

    <A> CompletableFuture<A> call(Duration deadline, Call<A> call) {
        var answer = new Answer<A>();
        try {
            Channel channel = rpc.anyChannel(SaverClient.PART);
            call.start(SaverGrpc.newStub(channel).withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS),
                    answer);
        } catch (RpcFailure noTarget) {
            answer.future.completeExceptionally(noTarget);
        }
        return answer.future;
    }

    private static final class Answer<A> implements StreamObserver<A> {
        private final CompletableFuture<A> future = new CompletableFuture<>();
        private volatile @Nullable A value;

        @Override
        public void onNext(A answer) {
            value = answer;
        }

        @Override
        public void onError(Throwable broken) {
            future.completeExceptionally(failure(broken));
        }

        @Override
        public void onCompleted() {
            A answer = value;
            if (answer == null) {
                future.completeExceptionally(new RpcFailure(RpcFailure.Kind.REFUSED, "saver: no answer"));
            } else {
                future.complete(answer);
            }
        }
    }

    private static RpcFailure failure(Throwable broken) {
        if (!(broken instanceof StatusRuntimeException refused)) {
            return new RpcFailure(RpcFailure.Kind.DISCONNECTED, "saver: " + broken);
        }
        Status status = refused.getStatus();
        RpcFailure.Kind kind = switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> RpcFailure.Kind.DEADLINE;
            case UNAVAILABLE -> RpcFailure.Kind.DISCONNECTED;
            case RESOURCE_EXHAUSTED -> RpcFailure.Kind.QUEUE_FULL;
            default -> RpcFailure.Kind.REFUSED;
        };
        return new RpcFailure(kind, "saver: " + status.getCode()
                + (status.getDescription() == null ? "" : ", " + status.getDescription()));
    }
}
