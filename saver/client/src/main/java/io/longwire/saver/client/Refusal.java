package io.longwire.saver.client;

import io.longwire.keeper.rpc.RpcFailure;
import java.util.Optional;

/** Tells a saver's refusal of what does not fit the state of things from everything else that may fail. */
public final class Refusal {
    /** How the text of such a failure begins. */
    static final String PREFIX = "saver: FAILED_PRECONDITION, ";

    private Refusal() {
    }

    /** {@code name: value (expected: rule)} if a saver refused it so; asking the same again does not help then. */
    public static Optional<String> of(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof RpcFailure) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = String.valueOf(cause.getMessage());
        return cause instanceof RpcFailure rpc && rpc.kind() == RpcFailure.Kind.REFUSED && text.startsWith(PREFIX)
                ? Optional.of(text.substring(PREFIX.length()))
                : Optional.empty();
    }
}
