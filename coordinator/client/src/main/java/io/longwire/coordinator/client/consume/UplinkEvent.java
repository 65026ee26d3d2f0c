package io.longwire.coordinator.client.consume;

import com.google.protobuf.ByteString;
import io.longwire.rpc.coordinator.Event;
import java.time.Instant;

/**
 * What a phone said.
 *
 * @param eventId the same in every delivery: what doubles are known by
 * @param endpoint {@code ep_...}
 * @param seq of the endpoint, the same in every retry of the phone
 * @param receivedAt by the room
 * @param keptAt by the coordinator
 * @param codec of the body: identity, deflate, zstd
 * @param partition 0 to 63; order holds within one
 * @param attempt 1 = the first delivery in this channel
 * @param replyUntilMillis until when a reply is of use; 0 = none is waited for
 * @param replyTo what a reply by the API names it by; empty = none is waited for
 */
public record UplinkEvent(String eventId, String type, String endpoint, long seq, Instant receivedAt, Instant keptAt,
        ByteString body, String codec, int partition, int attempt, long replyUntilMillis, String replyTo) {
    /** An app waits for an answer: {@link Verdict#reply}, or {@code POST /v1/replies}. */
    public boolean asks() {
        return !replyTo.isEmpty();
    }

    static UplinkEvent of(Event event) {
        return new UplinkEvent(event.getEventId(), event.getType(), event.getEndpoint(), event.getSeq(),
                Instant.ofEpochMilli(event.getReceivedMs()), Instant.ofEpochMilli(event.getKeptMs()), event.getBody(),
                event.getCodec(), event.getPartition(), event.getAttempt(), event.getReplyUntilMs(),
                event.getReplyTo());
    }
}
