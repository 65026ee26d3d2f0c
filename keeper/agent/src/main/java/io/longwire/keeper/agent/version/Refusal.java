package io.longwire.keeper.agent.version;

import io.grpc.Status;

/** Why something is not done, as the caller is told: {@code name: value (expected: rule)}. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Status.Code code;

    private Refusal(Status.Code code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** A value that cannot be. */
    public static Refusal wrong(String message) {
        return new Refusal(Status.Code.INVALID_ARGUMENT, message);
    }

    /** Nobody we trust. */
    public static Refusal untrusted(String message) {
        return new Refusal(Status.Code.UNAUTHENTICATED, message);
    }

    /** Not now. */
    public static Refusal notNow(String message) {
        return new Refusal(Status.Code.FAILED_PRECONDITION, message);
    }

    /** No room for it. */
    public static Refusal full(String message) {
        return new Refusal(Status.Code.RESOURCE_EXHAUSTED, message);
    }

    /** It was tried, and failed. */
    public static Refusal failed(String message) {
        return new Refusal(Status.Code.UNAVAILABLE, message);
    }

    public Status status() {
        return code.toStatus().withDescription(getMessage());
    }
}
