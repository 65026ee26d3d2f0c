package io.longwire.sdk;

import io.longwire.sdk.phone.AppUplinks;
import org.jspecify.annotations.Nullable;

/**
 * Something an app sends to its product, on its way to the platform. It gets there without anybody waiting for it: it
 * is kept in the app's files, and sent on every connection until the platform has it. The product gets it at least
 * once, under an event id by which it knows a double. Any thread.
 */
public final class Uplink {
    /** How long an uplink is kept when the app does not say. */
    public static final long KEEP_MILLIS = 3 * 86_400_000L;

    /** Hears what became of an uplink. */
    public interface Listener {
        void onResult(Result result);
    }

    /** What became of it. */
    public enum Status {
        /** The platform has it, and will give it to the product. */
        DURABLE,
        /** There was no place for it on the phone: it was not sent. Send it again when others have gone. */
        FULL,
        /** The platform will never take it, and it was dropped: {@link Result#reason} says why. */
        REFUSED,
        /** It could not be sent in the time it was to be kept, and was dropped. */
        EXPIRED,
        /** The client ended first. It is kept, and goes to the platform when the app is added again. */
        KEPT
    }

    /** A status and its reason. Immutable. */
    public static final class Result {
        private final Status status;
        private final String reason;

        Result(Status status, String reason) {
            this.status = status;
            this.reason = reason;
        }

        public Status status() {
            return status;
        }

        public boolean isDurable() { return status == Status.DURABLE; }

        /** For people: {@code name: value (expected: rule)}; may be empty. */
        public String reason() {
            return reason;
        }

        @Override
        public String toString() {
            return status + (reason.isEmpty() ? "" : ": " + reason);
        }
    }

    private final String type;
    private final Pending<Result> pending;

    Uplink(LongwireClient client, String type) {
        this.type = type;
        pending = new Pending<>(client);
    }

    /** As the app gave it. */
    public String type() {
        return type;
    }

    /** What became of it; null while it is not known. */
    public @Nullable Result result() {
        return pending.result();
    }

    /**
     * Waits until it is known.
     *
     * @return null when it is not within so many milliseconds
     */
    public @Nullable Result await(long timeoutMillis) throws InterruptedException {
        return pending.await(timeoutMillis);
    }

    /** Tells the listener, once, on the thread of the {@link ConnectionListener}; at once if it is known already. */
    public Uplink whenDone(Listener listener) {
        pending.whenDone(listener::onResult);
        return this;
    }

    void settle(AppUplinks.Outcome outcome, String reason) {
        pending.settle(new Result(Status.valueOf(outcome.name()), reason));
    }

    @Override
    public String toString() {
        Result known = result();
        return "uplink " + type + " " + (known == null ? "on its way" : known.toString());
    }
}
