package io.longwire.center.client;

import io.longwire.rpc.center.MessageClass;

/** What "accepted" means. */
public enum DeliveryClass {
    /** Kept on disk. */
    DURABLE,
    /** Kept by two Redis nodes, on disk within a second; without a second node it is DURABLE. */
    FAST,
    /** Not kept at all: only for who is online now. */
    TRANSIENT;

    MessageClass wire() {
        return MessageClass.valueOf(name());
    }
}
