package io.longwire.keeper.config;

/** A configuration that cannot be used. The message is one sentence for the operator: place, value, expectation. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message, null, false, false);
    }
}
