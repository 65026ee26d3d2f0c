package io.longwire.sdk.share;

import org.jspecify.annotations.Nullable;

/** A list that says who shares a connection cannot be used: {@code name: value (expected: rule)}. */
public final class InvalidShareListException extends Exception {
    private static final long serialVersionUID = 1;

    InvalidShareListException(String text, @Nullable Throwable cause) {
        super(text, cause);
    }
}
