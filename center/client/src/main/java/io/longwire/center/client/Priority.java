package io.longwire.center.client;

/** How soon a message is written to a phone that is there. */
public enum Priority {
    /** As it comes. */
    NORMAL,
    /** At once, before others, and acked at once. */
    HIGH,
    /** With the phone's next wake-up, at the latest after {@link Message#lowWindow}. */
    LOW;

    io.longwire.rpc.center.Priority wire() {
        return io.longwire.rpc.center.Priority.valueOf(name());
    }
}
