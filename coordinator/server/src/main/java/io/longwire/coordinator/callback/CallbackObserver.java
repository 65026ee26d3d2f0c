package io.longwire.coordinator.callback;

/** Hears of every request to a backend when it begins, and when it has ended. Called on the channels' loop. */
public interface CallbackObserver {
    /** What became of a request's events. */
    enum Outcome {
        /** The backend has them. */
        TAKEN,
        /** It is not well, or not there. */
        FAILED,
        /** It lives and does not want them. */
        REJECTED,
        /** Nothing that says anything of the backend. */
        UNKNOWN
    }

    /**
     * How a request ended.
     *
     * @param tookNanos from its beginning
     * @param waitedMillis how long its oldest event had been kept then; negative = it was tried before
     * @param pushPace the header of that name, as it came; empty = none
     */
    record Ended(Outcome outcome, long tookNanos, long waitedMillis, String pushPace) {
    }

    /** @param request the same as in {@link #ended} */
    void began(int app, Object request);

    void ended(int app, Object request, Ended how);
}
