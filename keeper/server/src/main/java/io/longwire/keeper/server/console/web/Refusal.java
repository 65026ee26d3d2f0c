package io.longwire.keeper.server.console.web;

import java.time.Duration;

/** Why a request is not done, as its caller is told: RFC 9457 problem JSON. Carries no stack. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Why why;
    private final long retryAfterMillis;

    /** What is told, with its status. */
    public enum Why {
        // @formatter:off
        INVALID_ARGUMENT(400, "The request is wrong"),
        NOT_SIGNED_IN(401, "Nobody is signed in"),
        SESSION_ENDED(401, "The session has ended"),
        WRONG_PASSWORD(401, "Name or password is wrong"),
        FORBIDDEN(403, "The role does not allow it"),
        CROSS_SITE(403, "The request does not come from the console's pages"),
        NOT_FOUND(404, "There is no such thing"),
        METHOD_NOT_ALLOWED(405, "The path has another method"),
        CONFLICT(409, "It stands against what is there"),
        TOO_LARGE(413, "The body is too large"),
        TOO_OFTEN(429, "Too many attempts"),
        INTERNAL(500, "A fault of the console"),
        BUSY(503, "Too much at once"),
        UNAVAILABLE(503, "Something the console needs does not answer");
        // @formatter:on

        private final int status;
        private final String title;

        Why(int status, String title) {
            this.status = status;
            this.title = title;
        }

        public int status() {
            return status;
        }

        public String title() {
            return title;
        }
    }

    private Refusal(Why why, String detail, Duration retryAfter) {
        super(detail, null, false, false);
        this.why = why;
        this.retryAfterMillis = retryAfter.toMillis();
    }

    public static Refusal because(Why why, String detail) {
        return new Refusal(why, detail, Duration.ZERO);
    }

    /** One that may be asked again after a time. */
    public static Refusal later(Why why, String detail, Duration retryAfter) {
        return new Refusal(why, detail, retryAfter);
    }

    /** A value that breaks a rule. */
    public static Refusal invalid(String name, String value, String expected) {
        String shown = value.length() > 64 ? value.substring(0, 64) + "..." : value;
        return because(Why.INVALID_ARGUMENT, name + ": " + shown.replaceAll("\\p{Cntrl}", "?") + " (expected: "
                + expected + ")");
    }

    public Why why() {
        return why;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    /** 0 = asking again will not help. */
    public long retryAfterMillis() {
        return retryAfterMillis;
    }
}
