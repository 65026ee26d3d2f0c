package io.longwire.center.client;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.MessageTimeline;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a message to one endpoint is, and why.
 *
 * @param state {@code waiting}, or how it ended: {@code acked}, {@code expired}, {@code cancelled}, {@code revoked},
 *     {@code collapsed}, {@code overflowed}, {@code dead}, {@code deleted}, {@code rejected}
 * @param why one sentence
 * @param reasonCode the same, stable
 * @param attempts deliveries without an ack
 * @param traceparent as the message was sent with; empty = none
 */
public record Timeline(String messageId, String endpoint, String state, String why, String reasonCode,
        List<Milestone> milestones, @Nullable Instant expiresAt, int attempts, String traceparent) {

    /** One stamp on its way: {@code accepted}, {@code stored}, {@code routed}, {@code written}, {@code acked}, ... */
    public record Milestone(String name, Instant at, int code) {
    }

    public boolean ended() {
        return !state.equals("waiting");
    }

    static Timeline of(MessageTimeline timeline) {
        return new Timeline(timeline.getMessageId(), timeline.getEndpoint(), timeline.getState(), timeline.getWhy(),
                timeline.getReasonCode(), timeline.getMilestonesList().stream().map(stone -> new Milestone(
                        stone.getName(), Instant.ofEpochMilli(stone.getAtMs()), stone.getCode())).toList(),
                Times.instant(timeline.getExpiresMs()), timeline.getAttempts(), timeline.getTraceparent());
    }
}
