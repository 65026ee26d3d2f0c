package io.longwire.center.send;

import io.longwire.device.id.MessageId;
import io.longwire.rpc.center.SendReply;
import java.util.Locale;

/**
 * What the caller gets for a message to one endpoint.
 *
 * @param collapsedId the unread message that this one replaced; 0 = none
 */
record Receipt(long messageId, String endpoint, Status status, long collapsedId) {
    /** How far the message got before the answer. */
    enum Status {
        /** It is kept until it ends. */
        ACCEPTED,
        /** The message of an earlier send with the same idempotency key and body. */
        DUPLICATE,
        /** TRANSIENT: written to the phone's connection. */
        DELIVERED_ONLINE,
        /** TRANSIENT: the endpoint was not there to take it, or that is not known; it is gone. */
        OFFLINE_DROPPED;

        private final String label = name().toLowerCase(Locale.ROOT);

        String label() {
            return label;
        }
    }

    SendReply reply() {
        var reply = SendReply.newBuilder().setMessageId(MessageId.text(messageId)).setEndpoint(endpoint)
                .setStatus(status.label()).setAcceptedMs(MessageId.timeMs(messageId))
                .setAccepted(status == Status.ACCEPTED || status == Status.DELIVERED_ONLINE ? 1 : 0)
                .setDuplicate(status == Status.DUPLICATE);
        if (collapsedId != 0) {
            reply.setCollapsed(MessageId.text(collapsedId));
        }
        return reply.build();
    }
}
