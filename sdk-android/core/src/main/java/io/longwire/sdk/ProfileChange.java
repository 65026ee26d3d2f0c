package io.longwire.sdk;

import io.longwire.sdk.phone.AppProfile;
import org.jspecify.annotations.Nullable;

/**
 * A change of an app's aliases, tags or attributes on its way to the platform. It gets there without anybody waiting
 * for it: it is kept in the app's files, and sent on every connection until the platform has it. Any thread.
 */
public final class ProfileChange {
    /** Hears what became of a change. */
    public interface Listener {
        void onResult(Result result);
    }

    /** What became of it. */
    public enum Status {
        /** The platform has it. */
        APPLIED,
        /** Later changes wished otherwise for all of its names. */
        REPLACED,
        /** The platform will not take it, and it was dropped: {@link Result#reason} says why. */
        REFUSED,
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

        public boolean isApplied() { return status == Status.APPLIED; }

        /** For people: {@code name: value (expected: rule)}; may be empty. */
        public String reason() {
            return reason;
        }

        @Override
        public String toString() {
            return status + (reason.isEmpty() ? "" : ": " + reason);
        }
    }

    private final Pending<Result> pending;

    ProfileChange(LongwireClient client) {
        pending = new Pending<>(client);
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
    public ProfileChange whenDone(Listener listener) {
        pending.whenDone(listener::onResult);
        return this;
    }

    void settle(AppProfile.Outcome outcome, String reason) {
        pending.settle(new Result(Status.valueOf(outcome.name()), reason));
    }

    @Override
    public String toString() {
        Result known = result();
        return "change " + (known == null ? "on its way" : known.toString());
    }
}
