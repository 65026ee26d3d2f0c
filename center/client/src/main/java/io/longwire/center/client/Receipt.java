package io.longwire.center.client;

import io.longwire.rpc.center.ReceiptInfo;
import java.time.Instant;

/**
 * What became of a message at an endpoint.
 *
 * @param kind {@code delivered}, {@code shown}, {@code clicked}, {@code expired}, {@code revoked}, {@code revoke_late},
 *     {@code failed}, {@code dropped_by_user}
 * @param traceparent of the message, as it was sent with; empty = none
 */
public record Receipt(String kind, String messageId, String endpoint, Instant at, int code,
        String traceparent) {
    static Receipt of(ReceiptInfo info) {
        return new Receipt(info.getKind(), info.getMessageId(), info.getEndpoint(),
                Instant.ofEpochMilli(info.getAtMs()), info.getCode(), info.getTraceparent());
    }
}
