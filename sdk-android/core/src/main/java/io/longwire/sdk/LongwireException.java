package io.longwire.sdk;

/** The client cannot be made or asked so. The text has the form {@code name: value (expected: rule)}. */
public final class LongwireException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LongwireException(String text) {
        super(text);
    }

    LongwireException(String text, Throwable cause) {
        super(text, cause);
    }
}
