package io.longwire.keeper.service;

import org.jspecify.annotations.Nullable;

/** A part that could not start. The message is one sentence for the operator. */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StartFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
