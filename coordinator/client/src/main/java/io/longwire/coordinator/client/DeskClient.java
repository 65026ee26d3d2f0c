package io.longwire.coordinator.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.coordinator.AppFinish;
import io.longwire.rpc.coordinator.AppPoll;
import io.longwire.rpc.coordinator.Callback;
import io.longwire.rpc.coordinator.CallbackName;
import io.longwire.rpc.coordinator.CallbackState;
import io.longwire.rpc.coordinator.DeskGrpc;
import io.longwire.rpc.coordinator.DeskGrpc.DeskStub;
import io.longwire.rpc.coordinator.FinishReply;
import io.longwire.rpc.coordinator.ListCallbacksReply;
import io.longwire.rpc.coordinator.PollReply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The coordinators as one, as centers see them: channels and callbacks of an app whose caller the center knows. No call
 * blocks. A future completes within 3 s (a poll: its wait and 3 s), or fails: with StatusRuntimeException for what is
 * refused (INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION; the description says what was expected), with {@link
 * RpcFailure} where nobody answered. Everything but a poll may be repeated; what a poll gave whose answer was lost
 * comes again after its time in flight.
 */
public final class DeskClient {
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final int RETRIES = 2;

    private final Rpc rpc;

    public DeskClient(Rpc rpc) {
        this.rpc = rpc;
    }

    public CompletableFuture<PollReply> poll(AppPoll request) {
        Duration wait = Duration.ofMillis(Integer.toUnsignedLong(request.getPoll().getWaitMs()));
        return call(wait.plus(DEADLINE), 0, (stub, answer) -> stub.poll(request, answer));
    }

    public CompletableFuture<FinishReply> finish(AppFinish request) {
        return call(DEADLINE, RETRIES, (stub, answer) -> stub.finish(request, answer));
    }

    public CompletableFuture<CallbackState> putCallback(Callback callback) {
        return call(DEADLINE, RETRIES, (stub, answer) -> stub.putCallback(callback, answer));
    }

    public CompletableFuture<CallbackState> deleteCallback(CallbackName name) {
        return call(DEADLINE, RETRIES, (stub, answer) -> stub.deleteCallback(name, answer));
    }

    /** Of an app; with a type, the one of it, if there is one. */
    public CompletableFuture<ListCallbacksReply> callbacks(CallbackName name) {
        return call(DEADLINE, RETRIES, (stub, answer) -> stub.listCallbacks(name, answer));
    }

    private interface Call<A> {
        void start(DeskStub stub, StreamObserver<A> answer);
    }

    // Once more when a coordinator was not reached: the list may still name one that is dead.
    private <A> CompletableFuture<A> call(Duration within, int retries, Call<A> call) {
        return once(within, call).exceptionallyCompose(failure -> retries > 0 && failure instanceof RpcFailure away
                && away.kind() == RpcFailure.Kind.DISCONNECTED
                        ? call(within, retries - 1, call)
                        : CompletableFuture.failedFuture(failure));
    }

    private <A> CompletableFuture<A> once(Duration within, Call<A> call) {
        var answer = new Answer<A>();
        try {
            call.start(DeskGrpc.newStub(rpc.anyChannel(CoordinatorClient.PART)).withDeadlineAfter(within.toMillis(),
                    TimeUnit.MILLISECONDS), answer);
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
                future.completeExceptionally(new RpcFailure(RpcFailure.Kind.REFUSED, "coordinator: no answer"));
            } else {
                future.complete(answer);
            }
        }
    }

    private static Throwable failure(Throwable broken) {
        if (!(broken instanceof StatusRuntimeException refused)) {
            return new RpcFailure(RpcFailure.Kind.DISCONNECTED, "coordinator: " + broken);
        }
        Status status = refused.getStatus();
        String text = "coordinator: " + status.getCode()
                + (status.getDescription() == null ? "" : ", " + status.getDescription());
        return switch (status.getCode()) {
            case INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION -> refused;
            case DEADLINE_EXCEEDED -> new RpcFailure(RpcFailure.Kind.DEADLINE, text);
            case UNAVAILABLE -> new RpcFailure(RpcFailure.Kind.DISCONNECTED, text);
            case RESOURCE_EXHAUSTED -> new RpcFailure(RpcFailure.Kind.QUEUE_FULL, text);
            default -> new RpcFailure(RpcFailure.Kind.REFUSED, text);
        };
    }
}
