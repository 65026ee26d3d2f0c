package io.longwire.coordinator.callback;

/** What came of a request on the wire. */
sealed interface Posted {
    /**
     * A whole answer.
     *
     * @param pushPace the header, as it came; empty = none
     * @param body at most {@link Outbound#MAX_ANSWER} bytes
     */
    record Answered(int status, String contentType, String retryAfter, String pushPace, byte[] body) implements Posted {
    }

    /** None. */
    record Failed(Reason reason, String text) implements Posted {
    }
}
