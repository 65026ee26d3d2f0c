package io.longwire.center.client.call;

/** Whether a call may be made again after a failure. */
public enum Repeat {
    /** Made twice it does what it does once: it asks, or carries an idempotency key. */
    ALWAYS,
    /** Only when the failure says that nothing was done. */
    IF_NOTHING_WAS_DONE
}
