package io.longwire.device;

/**
 * The peer broke a rule of the protocol. Carries the {@link Code} to answer with and a text of the form
 * {@code name: value (expected: rule)}; has no stack trace, because bad peers are many and the text tells all.
 */
public final class ProtocolError extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;

    public ProtocolError(int code, String text) {
        super(text);
        this.code = code;
    }

    /** The {@link Code} for the ERROR frame, or for CONNECT_ACK. */
    public int code() {
        return code;
    }

    /** Does nothing: see the class. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
