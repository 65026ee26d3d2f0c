package io.longwire.center.client;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.HistoryItem;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that an endpoint was sent, and what became of it.
 *
 * @param state as of its {@link Timeline}
 * @param reasonCode how it ended, stable; empty while it waits
 * @param ended null = it waits
 * @param expires null = it has ended and is kept without
 * @param attempts deliveries without an ack
 */
public record PastMessage(String messageId, String state, String reasonCode, Instant accepted,
        @Nullable Instant ended, @Nullable Instant expires, int attempts) {
    static PastMessage of(HistoryItem item) {
        return new PastMessage(item.getMessageId(), item.getState(), item.getReasonCode(),
                Instant.ofEpochMilli(item.getAcceptedMs()), Times.instant(item.getEndedMs()),
                Times.instant(item.getExpiresMs()), item.getAttempts());
    }
}
