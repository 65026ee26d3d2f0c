package io.longwire.saver.client;

import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One cold call to any live saver as a future that always completes. Every such call may be repeated.
 *
 * @param <S> the generated stub
 */
final class Unary<S extends AbstractStub<S>> {

    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final int RETRIES = 2;

    private final Rpc rpc;
    private final Function<Channel, S> newStub;

    Unary(Rpc rpc, Function<Channel, S> newStub) {
        this.rpc = rpc;
        this.newStub = newStub;
    }

    /** A call of the generated stub: request and observer are bound by the caller. */
    interface Call<S, A> {
        void start(S stub, StreamObserver<A> answer);
    }

    /** Asks once more, up to twice, when a saver was not reached: the list may still name one that is dead. */
    <A> CompletableFuture<A> call(Call<S, A> call) {
        return call(DEADLINE, call);
    }

    /** As above, within this time in all. */
    <A> CompletableFuture<A> call(Duration within, Call<S, A> call) {
        return call(Deadline.after(within.toMillis(), TimeUnit.MILLISECONDS), RETRIES, call);
    }

    private <A> CompletableFuture<A> call(Deadline deadline, int retries, Call<S, A> call) {
        return once(deadline, call).exceptionallyCompose(failure -> retries > 0 && notReached(failure)
                ? call(deadline, retries - 1, call)
                : CompletableFuture.failedFuture(failure));
    }

    private <A> CompletableFuture<A> once(Deadline deadline, Call<S, A> call) {
        var answer = new Answer<A>();
        try {
            Channel channel = rpc.anyChannel(SaverClient.PART);
            call.start(newStub.apply(channel).withDeadline(deadline), answer);
        } catch (RpcFailure noTarget) {
            answer.future.completeExceptionally(noTarget);
        }
        return answer.future;
    }

    private static boolean notReached(Throwable failure) {
        return failure instanceof RpcFailure rpc && rpc.kind() == RpcFailure.Kind.DISCONNECTED;
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
