package io.longwire.sdk;

import io.longwire.sdk.phone.AppProfile;
import java.util.ArrayList;
import java.util.List;
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

    private final LongwireClient client;
    private final Object lock = new Object();
    private final List<Listener> listeners = new ArrayList<>(); // lock
    private @Nullable Result result; // lock

    ProfileChange(LongwireClient client) {
        this.client = client;
    }

    /** What became of it; null while it is not known. */
    public @Nullable Result result() {
        synchronized (lock) {
            return result;
        }
    }

    /**
     * Waits until it is known.
     *
     * @return null when it is not within so many milliseconds
     */
    public @Nullable Result await(long timeoutMillis) throws InterruptedException {
        long until = client.elapsedMillis() + timeoutMillis;
        synchronized (lock) {
            for (long left = timeoutMillis; result == null && left > 0; left = until - client.elapsedMillis()) {
                lock.wait(left);
            }
            return result;
        }
    }

    /** Tells the listener, once, on the thread of the {@link ConnectionListener}; at once if it is known already. */
    public ProfileChange whenDone(Listener listener) {
        Result known;
        synchronized (lock) {
            known = result;
            if (known == null) {
                listeners.add(listener);
                return this;
            }
        }
        client.tell(() -> listener.onResult(known));
        return this;
    }

    void settle(AppProfile.Outcome outcome, String reason) {
        Result known = new Result(Status.valueOf(outcome.name()), reason);
        List<Listener> waiting;
        synchronized (lock) {
            result = known;
            waiting = new ArrayList<>(listeners);
            listeners.clear();
            lock.notifyAll();
        }
        for (Listener one : waiting) {
            client.tell(() -> one.onResult(known));
        }
    }

    @Override
    public String toString() {
        Result known = result();
        return "change " + (known == null ? "on its way" : known.toString());
    }
}
