package io.longwire.center.client;

import io.longwire.rpc.center.DeadLetterInfo;
import java.time.Instant;

/**
 * A message that was given up because the app never acked it; kept 7 days.
 *
 * @param attempts deliveries without an ack
 * @param resentAs the message it was sent again as; empty = it was not
 */
public record DeadLetter(String messageId, String endpoint, Instant dead, int attempts, String reason,
        String resentAs) {

    static DeadLetter of(DeadLetterInfo info) {
        return new DeadLetter(info.getMessageId(), info.getEndpoint(), Instant.ofEpochMilli(info.getDeadMs()),
                info.getAttempts(), info.getReason(), info.getResentAs());
    }
}
