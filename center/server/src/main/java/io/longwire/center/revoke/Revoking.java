package io.longwire.center.revoke;

import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.register.client.Lookup;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.CancelReply;
import io.longwire.rpc.saver.CancelRequest;
import io.longwire.rpc.saver.Timeline;
import io.longwire.rpc.saver.TimelineRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * One message being taken back. At each endpoint it is first ended, if it still lives: from then on nobody fetches it.
 * What the phone had acked, or may have been written to it and not acked, the phone itself is told to take back: its
 * room is asked before and after the end, because what is written between the two questions is in the second answer.
 * Thread-safe.
 *
 * @param expireAtMillis of the message, if its head said; 0 = not known
 */
record Revoking(Revokes.Parts parts, int appId, long messageId, long expireAtMillis) {
    /** The code of a CANCELLED end that is a revoke. */
    private static final int REVOKED = 1;

    /** What a revoke came to. */
    enum Outcome {
        /** It was never delivered. */
        PENDING,
        /** The phone may have it: a revoke is on its way there. */
        SENT,
        /** It had ended otherwise, is not known, or the endpoint is gone. */
        TOO_LATE
    }

    CompletableFuture<Outcome> at(long endpointId) {
        var cancel = CancelRequest.newBuilder().setAppId(appId).setMessageId(messageId).setEndpointId(endpointId)
                .setCode(REVOKED).build();
        return parts.presence().of(endpointId)
                .thenCompose(session -> parts.presence().ask(session, messageId)
                        .thenCompose(before -> parts.ledger().cancel(cancel)
                                .thenCompose(reply -> ended(endpointId, reply, session, before))));
    }

    private CompletableFuture<Outcome> ended(long endpointId, CancelReply reply, Lookup session,
            ControlResult before) {
        return switch (reply.getCode()) {
            case ENDED_NOW -> parts.presence().ask(session, messageId)
                    .thenCombine(timeline(endpointId), (after, timeline) -> isUntouched(session, before)
                            && isUntouched(session, after) && timeline.getAttempts() == 0
                            && timeline.getWrittenMs() == 0
                                    ? tellEvenSo(endpointId, timeline.getExpireAtMs())
                                    : push(endpointId, timeline.getExpireAtMs(), Outcome.PENDING))
                    .thenCompose(outcome -> outcome);
            case ALREADY_ENDED -> switch (reply.getHow()) {
                case ACKED -> expiry(endpointId).thenCompose(at -> push(endpointId, at, Outcome.TOO_LATE));
                // Asked again, perhaps because the one before died halfway.
                case CANCELLED -> expiry(endpointId).thenCompose(at -> tellEvenSo(endpointId, at));
                default -> CompletableFuture.completedFuture(Outcome.TOO_LATE);
            };
            case NO_MESSAGE, NOTED -> CompletableFuture.completedFuture(Outcome.TOO_LATE);
            case UNAVAILABLE, UNRECOGNIZED -> throw Refused.later(Why.UNAVAILABLE,
                    "saver: the ledger does not answer (expected: it does); some may be revoked, ask again",
                    Duration.ofSeconds(1));
        };
    }

    // A room that did not say may have written it.
    private static boolean isUntouched(Lookup session, ControlResult told) {
        return !(session instanceof Lookup.Online)
                || (told.getCode() != ControlResult.Code.BUSY && told.getWrittenMs() == 0);
    }

    private CompletableFuture<Long> expiry(long endpointId) {
        return expireAtMillis != 0
                ? CompletableFuture.completedFuture(expireAtMillis)
                : timeline(endpointId).thenApply(Timeline::getExpireAtMs);
    }

    private CompletableFuture<Timeline> timeline(long endpointId) {
        return parts.ledger().timeline(TimelineRequest.newBuilder().setAppId(appId).setMessageId(messageId)
                .setEndpointId(endpointId).build());
    }

    // Nobody knows of a delivery, and yet there may have been one: an ack that its room has not passed on, or took with
    // it when it died. The phone is told in any case; one that never had the message acks that and shows nothing.
    private CompletableFuture<Outcome> tellEvenSo(long endpointId, long expireAt) {
        return push(endpointId, expireAt, Outcome.PENDING).thenApply(told -> Outcome.PENDING);
    }

    private CompletableFuture<Outcome> push(long endpointId, long expireAt, Outcome otherwise) {
        return parts.pushes().send(appId, endpointId, messageId, expireAt - parts.clock().wallMillis())
                .thenApply(sent -> sent ? Outcome.SENT : otherwise);
    }
}
