package io.longwire.saver;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.list.ListRefusal;
import java.util.concurrent.CompletableFuture;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a cold question is answered, and what its caller is told when it failed. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private Answers() {
    }

    static <A> void send(StreamObserver<A> caller, CompletableFuture<A> work) {
        work.whenComplete((answer, failure) -> {
            if (failure == null) {
                caller.onNext(answer);
                caller.onCompleted();
            } else {
                caller.onError(status(failure).asRuntimeException());
            }
        });
    }

    private static Status status(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null && !(cause instanceof StoreFailure)) {
            cause = cause.getCause();
        }
        String text = String.valueOf(cause.getMessage());
        if (cause instanceof IllegalArgumentException) {
            return Status.INVALID_ARGUMENT.withDescription(text);
        }
        if (cause instanceof ListRefusal) {
            return Status.FAILED_PRECONDITION.withDescription(text);
        }
        if (cause instanceof StoreFailure failure) {
            return (failure.kind() == StoreFailure.Kind.BUSY ? Status.RESOURCE_EXHAUSTED : Status.UNAVAILABLE)
                    .withDescription(text);
        }
        LOG.error("a question failed", cause);
        return Status.INTERNAL.withDescription("saver: " + cause);
    }
}
