package io.longwire.center.client.call;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call that was refused or got no answer. The subclasses say what to do about it; {@link #code} says exactly what was
 * wrong and never changes its meaning (docs/errors.md). When it comes out of
 * {@link Answer#await}, its stack is the waiting caller's.
 */
public abstract sealed class BackendException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;
    private final int status;
    private final long retryAfterMillis;

    private BackendException(Told told) {
        super(told.detail() + " [" + told.code() + "]", told.cause(), false, true);
        this.code = told.code();
        this.status = told.status();
        this.retryAfterMillis = told.retryAfterMillis();
    }

    /** The stable name of what was wrong, such as {@code unknown_endpoint}. */
    public final String code() {
        return code;
    }

    /** {@code name: value (expected: rule)}, or one sentence. */
    public final String detail() {
        String text = Objects.requireNonNull(getMessage());
        return text.substring(0, text.length() - code.length() - 3);
    }

    /** The HTTP status of the same refusal; 0 = there was no answer. */
    public final int status() {
        return status;
    }

    /** When it may be tried again, as the server says; zero = it did not say. */
    public final Duration retryAfter() {
        return Duration.ofMillis(retryAfterMillis);
    }

    /** The request breaks a rule: correct it. */
    public static final class Invalid extends BackendException {
        private static final long serialVersionUID = 1;

        private Invalid(Told told) {
            super(told);
        }
    }

    /** The key is not valid, or may not do this, or not from here. */
    public static final class NotAllowed extends BackendException {
        private static final long serialVersionUID = 1;

        private NotAllowed(Told told) {
            super(told);
        }
    }

    /** There is no such thing, or not any more: forget it. */
    public static final class NotFound extends BackendException {
        private static final long serialVersionUID = 1;

        private NotFound(Told told) {
            super(told);
        }
    }

    /** It collides with what there is: an idempotency key of another message, an inbox that takes no more. */
    public static final class Conflict extends BackendException {
        private static final long serialVersionUID = 1;

        private Conflict(Told told) {
            super(told);
        }
    }

    /** A quota of the app is used up. */
    public static final class QuotaExceeded extends BackendException {
        private static final long serialVersionUID = 1;

        private QuotaExceeded(Told told) {
            super(told);
        }
    }

    /**
     * No answer, or "try later", until the total deadline. With the codes {@code busy} and {@code not_serving} nothing
     * was done; with any other it may have been done: try again with the same idempotency key.
     */
    public static final class Unavailable extends BackendException {
        private static final long serialVersionUID = 1;

        private Unavailable(Told told) {
            super(told);
        }
    }

    /** A fault of the server, logged there. */
    public static final class ServerFault extends BackendException {
        private static final long serialVersionUID = 1;

        private ServerFault(Told told) {
            super(told);
        }
    }

    /** A refusal as its subclass, by the HTTP status that center gives it. */
    public static BackendException of(int status, String code, String detail, Duration retryAfter,
            @Nullable Throwable cause) {
        var told = new Told(status, code, detail, retryAfter.toMillis(), cause);
        return switch (status) {
            case 401, 403 -> new NotAllowed(told);
            case 404, 410 -> new NotFound(told);
            case 409 -> new Conflict(told);
            case 429 -> new QuotaExceeded(told);
            case 0, 503 -> new Unavailable(told);
            default -> status >= 500 ? new ServerFault(told) : new Invalid(told);
        };
    }

    static BackendException noAnswer(String code, String detail, @Nullable Throwable cause) {
        return of(0, code, detail, Duration.ZERO, cause);
    }

    private record Told(int status, String code, String detail, long retryAfterMillis, @Nullable Throwable cause) {
    }
}
