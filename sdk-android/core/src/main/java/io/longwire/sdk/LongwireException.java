package io.longwire.sdk;

import org.jspecify.annotations.Nullable;

/** The client cannot be made or asked so. The text has the form {@code name: value (expected: rule)}. */
public final class LongwireException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LongwireException(String text) {
        super(text);
    }

    public LongwireException(String text, @Nullable Throwable cause) {
        super(text, cause);
    }
}
