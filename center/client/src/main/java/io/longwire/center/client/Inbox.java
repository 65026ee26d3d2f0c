package io.longwire.center.client;

import io.longwire.rpc.center.InboxView;
import java.time.Instant;
import java.util.List;

/** What waits for an endpoint, the oldest first. */
public record Inbox(String endpoint, int messages, long bytes, List<Item> items) {
    /**
     * One message that waits.
     *
     * @param attempts deliveries without an ack
     * @param size of its payload and what travels with it, in bytes
     */
    public record Item(String messageId, Instant accepted, Instant expires, int attempts, int size) {
    }

    static Inbox of(InboxView view) {
        return new Inbox(view.getEndpoint(), view.getMessages(), view.getBytes(), view.getItemsList().stream()
                .map(item -> new Item(item.getMessageId(), Instant.ofEpochMilli(item.getAcceptedMs()),
                        Instant.ofEpochMilli(item.getExpiresMs()), item.getAttempts(), item.getSize()))
                .toList());
    }
}
