package io.longwire.cli.api;

/** Center refused or did not answer. The message is for the person at the terminal. */
public final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    /** @param status HTTP status, 0 = no answer */
    public ApiFailure(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
