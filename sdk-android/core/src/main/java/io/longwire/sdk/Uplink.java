package io.longwire.sdk;

import com.google.protobuf.ByteString;
import io.longwire.sdk.phone.AppRequests;
import io.longwire.sdk.phone.AppUplinks;
import org.jspecify.annotations.Nullable;

/**
 * Something an app says to its product, on its way. What was {@linkplain LongwireApp#send sent} gets to the platform
 * without anybody waiting for it: it is kept in the app's files, and sent on every connection until the platform has
 * it. What was {@linkplain LongwireApp#request asked} waits for the product's answer, which is stored nowhere on its
 * way: when it does not come in time, ask again, or ask for what became of the first request. The product gets either
 * at least once, under an event id by which it knows a double. Any thread.
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
        /** What was sent: the platform has it, and will give it to the product. */
        DURABLE,
        /** What was asked: the product answered, {@link Result#body}. */
        REPLIED,
        /** There was no place for it on the phone: it was not sent. Send it again when others have gone. */
        FULL,
        /** The platform will never take it, or the product said no: {@link Result#reason} says why. */
        REFUSED,
        /** What was sent: it could not be in the time it was to be kept, and was dropped. */
        EXPIRED,
        /** What was sent: the client ended first. It is kept, and goes when the app is added again. */
        KEPT,
        /** The request has more than 16 KiB, or its answer had more than 4. */
        TOO_LARGE,
        /** There was no answer in time. The product may have the request, and may have done what it asks. */
        TIMEOUT,
        /** The server is of a version without requests; it was not sent. */
        UNSUPPORTED,
        /** What was asked: the client ended first; the product may have the request. */
        STOPPED
    }

    /** A status, and what belongs to it. Immutable. */
    public static final class Result {
        private final Status status;
        private final ByteString body;
        private final String reason;

        Result(Status status, ByteString body, String reason) {
            this.status = status;
            this.body = body;
            this.reason = reason;
        }

        public Status status() {
            return status;
        }

        public boolean isDurable() { return status == Status.DURABLE; }

        public boolean isReplied() { return status == Status.REPLIED; }

        /** What the product answered; empty unless it did. A copy. */
        public byte[] body() {
            return body.toByteArray();
        }

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
     * Waits until it is known; of a request that is a moment after its time-out at the latest.
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
        pending.settle(new Result(Status.valueOf(outcome.name()), ByteString.EMPTY, reason));
    }

    void settle(AppRequests.Outcome outcome, ByteString body, String reason) {
        pending.settle(new Result(Status.valueOf(outcome.name()), body, reason));
    }

    @Override
    public String toString() {
        Result known = result();
        return "uplink " + type + " " + (known == null ? "on its way" : known.toString());
    }
}
