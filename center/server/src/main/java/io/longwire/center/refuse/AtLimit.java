package io.longwire.center.refuse;

import io.longwire.keeper.rpc.RpcFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The limits that savers hold themselves, because two centers may ask at once. Static, any thread. */
public final class AtLimit {
    private static final String REFUSED = "INVALID_ARGUMENT, ";
    private static final String LIVE = " live (expected: fewer than ";

    private AtLimit() {
    }

    /** A saver's {@code things: N live (expected: fewer than ...)} as LIMIT_REACHED; any other failure as it is. */
    public static <A> CompletableFuture<A> failed(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        String text = String.valueOf(cause.getMessage());
        int at = text.indexOf(REFUSED);
        return CompletableFuture.failedFuture(cause instanceof RpcFailure rpc && rpc.kind() == RpcFailure.Kind.REFUSED
                && at >= 0 && text.contains(LIVE)
                        ? Refused.because(Why.LIMIT_REACHED, text.substring(at + REFUSED.length()))
                        : cause);
    }
}
