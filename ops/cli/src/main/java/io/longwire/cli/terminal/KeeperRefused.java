package io.longwire.cli.terminal;

/** A keeper did not do what was asked; the message is its own sentence. */
public final class KeeperRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public KeeperRefused(String message) {
        super(message, null, false, false);
    }
}
