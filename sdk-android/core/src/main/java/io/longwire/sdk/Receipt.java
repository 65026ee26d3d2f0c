package io.longwire.sdk;

/** What an app did with a message. */
public enum Receipt {
    /** It has the message; it is not given out again. */
    DONE,
    /**
     * It is not running. The message is kept and given out again after {@link LongwireApp#resume}; until then what
     * comes for this app stays on the server.
     */
    NOT_RUNNING
}
