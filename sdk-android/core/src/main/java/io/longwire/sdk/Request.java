package io.longwire.sdk;

import com.google.protobuf.ByteString;
import io.longwire.sdk.phone.AppRequests;
import org.jspecify.annotations.Nullable;

/**
 * Something an app asks its product, and the answer it waits for. The product gets the request at least once, as it
 * does an {@link Uplink}; the answer is stored nowhere on its way: when it does not come in time, ask again, or ask for
 * what became of the first request. Any thread.
 */
public final class Request {
    /** Hears what became of a request. */
    public interface Listener {
        void onResult(Result result);
    }

    /** What became of it. */
    public enum Status {
        /** The product answered: {@link Result#body}. */
        REPLIED,
        /** The product said no, or the platform will never take it: {@link Result#reason} says why. */
        REFUSED,
        /** The request has more than 16 KiB, or the answer had more than 4. */
        TOO_LARGE,
        /** There was no answer in time. The product may have the request, and may have done what it asks. */
        TIMEOUT,
        /** The server is of a version without requests; it was not sent. */
        UNSUPPORTED,
        /** There was no place for it on the phone: it was not sent. */
        FULL,
        /** The client ended first; the product may have the request. */
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

        public boolean isReplied() { return status == Status.REPLIED; }

        /** What the product answered; empty unless it did. A copy. */
        public byte[] body() {
            return body.toByteArray();
        }

        /** For people; may be empty. */
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

    Request(LongwireClient client, String type) {
        this.type = type;
        pending = new Pending<>(client);
    }

    /** As the app gave it. */
    public String type() {
        return type;
    }

    /** What became of it; null while it waits. */
    public @Nullable Result result() {
        return pending.result();
    }

    /**
     * Waits until it is known, which it is a moment after the time-out of the request at the latest.
     *
     * @return null when it is not within so many milliseconds
     */
    public @Nullable Result await(long timeoutMillis) throws InterruptedException {
        return pending.await(timeoutMillis);
    }

    /** Tells the listener, once, on the thread of the {@link ConnectionListener}; at once if it is known already. */
    public Request whenDone(Listener listener) {
        pending.whenDone(listener::onResult);
        return this;
    }

    void settle(AppRequests.Outcome outcome, ByteString body, String reason) {
        pending.settle(new Result(Status.valueOf(outcome.name()), body, reason));
    }

    @Override
    public String toString() {
        Result known = result();
        return "request " + type + " " + (known == null ? "on its way" : known.toString());
    }
}
