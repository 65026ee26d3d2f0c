package io.longwire.testkit.stores;

/** A store could not be started, stopped or reached. The message is one sentence that names what was expected. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoreException(String message) {
        super(message);
    }

    StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
