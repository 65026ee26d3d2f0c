package io.longwire.coordinator.consume;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.channel.Refusal;
import io.longwire.coordinator.redis.StoreFailure;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.rpc.RpcFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a consumer is told of a failure. Static, any thread. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {
    }

    /** Answers a call with what the work brings, or with why it does not; work may throw what it may fail with. */
    static <A> void answer(StreamObserver<A> answer, Supplier<CompletableFuture<A>> work, Metrics metrics) {
        CompletableFuture<A> done;
        try {
            done = work.get();
        } catch (StatusRuntimeException invalid) {
            done = CompletableFuture.failedFuture(invalid);
        }
        done.whenComplete((reply, failure) -> {
            if (failure == null) {
                answer.onNext(reply);
                answer.onCompleted();
                return;
            }
            Status status = status(failure);
            metrics.counter(CoordinatorMetric.CALLS_REFUSED, "status", status.getCode().name()).increment();
            answer.onError(status.asRuntimeException());
        });
    }

    /** Completes, on any thread, if the caller goes before its answer. To be asked before the call returns to gRPC. */
    static CompletableFuture<Void> gone(StreamObserver<?> answer) {
        var gone = new CompletableFuture<Void>();
        ((ServerCallStreamObserver<?>) answer).setOnCancelHandler(() -> gone.complete(null));
        return gone;
    }

    static Status status(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case StatusRuntimeException told -> told.getStatus();
            case StoreFailure away -> Status.UNAVAILABLE.withDescription(away.getMessage());
            case RpcFailure away -> Status.UNAVAILABLE.withDescription(away.getMessage());
            case Refusal refused -> (switch (refused.why()) {
                case UNKNOWN -> Status.NOT_FOUND;
                case LIMIT -> Status.FAILED_PRECONDITION;
                case BUSY -> Status.UNAVAILABLE;
            }).withDescription(refused.getMessage());
            default -> {
                LOG.error("a call of a consumer failed", cause);
                yield Status.INTERNAL.withDescription("a fault of the server; its log has it");
            }
        };
    }
}
