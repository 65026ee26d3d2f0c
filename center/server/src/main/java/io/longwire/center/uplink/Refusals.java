package io.longwire.center.uplink;

import io.grpc.StatusRuntimeException;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What coordinators refuse, as the API says it. Static, any thread. */
final class Refusals {
    private Refusals() {
    }

    /** A coordinator's refusal as {@link Refused}; any other failure as it is. */
    static <A> CompletableFuture<A> failed(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        if (!(cause instanceof StatusRuntimeException refused)) {
            return CompletableFuture.failedFuture(cause);
        }
        Why why = switch (refused.getStatus().getCode()) {
            case INVALID_ARGUMENT -> Why.INVALID_ARGUMENT;
            case NOT_FOUND -> Why.UNKNOWN_CALLBACK;
            case FAILED_PRECONDITION -> Why.LIMIT_REACHED;
            default -> Why.UNAVAILABLE;
        };
        return CompletableFuture.failedFuture(
                Refused.because(why, String.valueOf(refused.getStatus().getDescription())));
    }
}
