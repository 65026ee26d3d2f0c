package io.longwire.cli.terminal;

/** The command line does not say what to do; the message says what it should. */
public final class WrongUsage extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message {@code name: value (expected: rule)} */
    public WrongUsage(String message) {
        super(message, null, false, false);
    }
}
