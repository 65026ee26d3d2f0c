package io.longwire.center.send;

import java.util.Locale;

/** What the caller gets for a message. */
public record Receipt(long messageId, String endpoint, Status status, long acceptedMillis) {
    /** How far the message got before the answer. */
    public enum Status {
        /** It is kept until it ends. */
        ACCEPTED,
        /** The message of an earlier send with the same idempotency key and body. */
        DUPLICATE,
        /** TRANSIENT: written to the phone's connection. */
        DELIVERED_ONLINE,
        /** TRANSIENT: the endpoint was not there to take it, or that is not known; it is gone. */
        OFFLINE_DROPPED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
