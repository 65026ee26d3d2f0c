package io.longwire.center.refuse;

import java.time.Duration;
import java.util.Objects;

/** A call that is refused, on its way to the caller. An expected outcome: carries no stack. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 64;

    private final Why why;
    private final long retryAfterMillis;

    private Refused(Why why, String detail, long retryAfterMillis) {
        super(detail, null, false, false);
        this.why = why;
        this.retryAfterMillis = retryAfterMillis;
    }

    /** @param detail {@code name: value (expected: rule)}, or one sentence */
    public static Refused because(Why why, String detail) {
        return new Refused(why, detail, 0);
    }

    /** Refused for now; the caller is told when to come back. */
    public static Refused later(Why why, String detail, Duration retryAfter) {
        return new Refused(why, detail, Math.max(1, retryAfter.toMillis()));
    }

    /** A value out of its rule; long values are cut. */
    public static Refused invalid(String name, Object value, String rule) {
        return because(Why.INVALID_ARGUMENT, name + ": " + shown(value) + " (expected: " + rule + ")");
    }

    public Why why() {
        return why;
    }

    /** {@code name: value (expected: rule)}, or one sentence. */
    public String detail() {
        return Objects.requireNonNull(getMessage());
    }

    /** 0 = trying again will not help, or is up to the caller. */
    public long retryAfterMillis() {
        return retryAfterMillis;
    }

    /** A caller's value as it may stand in a text: not longer than 64 characters, no control characters. */
    public static String shown(Object value) {
        String text = String.valueOf(value);
        String cut = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        return cut.chars().anyMatch(Character::isISOControl) ? cut.replaceAll("\\p{Cntrl}", "?") : cut;
    }
}
