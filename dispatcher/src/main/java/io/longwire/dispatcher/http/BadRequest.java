package io.longwire.dispatcher.http;

/** A request that breaks a rule. The message is {@code name: value (expected: rule)}; carries no stack. */
public final class BadRequest extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadRequest(String name, Object value, String rule) {
        super(name + ": " + shown(String.valueOf(value)) + " (expected: " + rule + ")", null, false, false);
    }

    private static String shown(String value) {
        return value.length() > 60 ? value.substring(0, 60) + "..." : value;
    }
}
