package io.longwire.center.status;

import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.center.send.Blocked;
import io.longwire.center.send.MessageNames;
import io.longwire.center.send.Rules;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.trace.Traceparent;
import io.longwire.register.client.Lookup;
import io.longwire.rpc.center.GetTimelineRequest;
import io.longwire.rpc.center.MessageTimeline;
import io.longwire.rpc.center.Milestone;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.BroadcastEndpointRequest;
import io.longwire.rpc.saver.CancelRequest;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.Receipt;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.rpc.saver.Timeline;
import io.longwire.rpc.saver.TimelineRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers where a message to one endpoint is, or a broadcast on its way to it. The ledger, the register and the
 * endpoint's record are asked at once, then, for a message that waits for a phone that is online, its room; without
 * register or room it says what is not known. Thread-safe, never blocks.
 */
public final class Timelines {
    private final Rules rules;
    private final Ledger ledger;
    private final Presence presence;
    private final Blocked blocked;
    private final BroadcastTimelines broadcasts;
    private final Clock clock;

    public Timelines(Rules rules, Ledger ledger, Presence presence, Blocked blocked, BroadcastTimelines broadcasts,
            Clock clock) {
        this.blocked = blocked;
        this.rules = rules;
        this.ledger = ledger;
        this.presence = presence;
        this.broadcasts = broadcasts;
        this.clock = clock;
    }

    /** Fails with Refused: UNKNOWN_MESSAGE, TIMELINE_ERASED, or for a name that is none. */
    public CompletableFuture<MessageTimeline> timeline(int appId, GetTimelineRequest request) {
        long messageId = MessageNames.id("message_id", request.getMessageId());
        long endpointId = rules.endpoint("endpoint", request.getEndpoint(), appId);
        var found = presence.of(endpointId);
        var record = ledger.endpoint(GetEndpointRequest.newBuilder().setAppId(appId).setEndpointId(endpointId).build())
                .exceptionally(failure -> EndpointRecord.getDefaultInstance());
        return ledger
                .timeline(TimelineRequest.newBuilder().setAppId(appId).setEndpointId(endpointId)
                        .setMessageId(messageId).build())
                .thenCompose(timeline -> found.thenCompose(session -> isThere(timeline)
                        ? told(timeline, session, messageId).thenCombine(record, (told, endpoint) -> answer(request,
                                timeline, new Reason.Now(session, endpoint, told, presence.room(session),
                                        clock.wallMillis()),
                                blocked.why(endpointId)))
                        : broadcasts.timeline(BroadcastEndpointRequest.newBuilder().setAppId(appId)
                                .setBroadcastId(messageId).setEndpointId(endpointId).build(), request.getEndpoint(),
                                session).thenApply(other -> other.orElseThrow(() -> missing(request, timeline)))));
    }

    // What the ledger has no row of may be a broadcast, of whatever age.
    private static boolean isThere(Timeline timeline) {
        return timeline.getState() != Timeline.State.NOT_FOUND && timeline.getState() != Timeline.State.ERASED;
    }

    private static Refused missing(GetTimelineRequest request, Timeline timeline) {
        return timeline.getState() == Timeline.State.ERASED
                ? Refused.because(Why.TIMELINE_ERASED, "message_id: " + request.getMessageId()
                        + " (expected: one that ended within the last 7 days)")
                : unknown(request);
    }

    /** Ends the message if it still lives, then answers as {@link #timeline}; {@code why} says when it had ended. */
    public CompletableFuture<MessageTimeline> cancel(int appId, GetTimelineRequest request) {
        var cancel = CancelRequest.newBuilder().setAppId(appId)
                .setMessageId(MessageNames.id("message_id", request.getMessageId()))
                .setEndpointId(rules.endpoint("endpoint", request.getEndpoint(), appId)).build();
        return ledger.cancel(cancel).thenCompose(reply -> switch (reply.getCode()) {
            case ENDED_NOW, NOTED -> timeline(appId, request);
            case ALREADY_ENDED -> timeline(appId, request).thenApply(timeline -> timeline.toBuilder()
                    .setWhy("not cancelled, it had ended before: " + timeline.getWhy()).build());
            case NO_MESSAGE -> throw unknown(request);
            case UNAVAILABLE, UNRECOGNIZED -> throw Refused.because(Why.UNAVAILABLE,
                    "saver: " + EndResult.Code.UNAVAILABLE + " (expected: the ledger); ask again");
        });
    }

    private CompletableFuture<ControlResult> told(Timeline timeline, Lookup session, long messageId) {
        return timeline.getState() == Timeline.State.WAITING
                ? presence.ask(session, messageId)
                : CompletableFuture.completedFuture(Presence.NOT_TOLD);
    }

    private static MessageTimeline answer(GetTimelineRequest request, Timeline timeline, Reason.Now now,
            @Nullable String banned) {
        Reason reason = Reason.of(timeline, now).orBanned(banned);
        var answer = MessageTimeline.newBuilder().setMessageId(MessageId.text(timeline.getMessageId()))
                .setEndpoint(request.getEndpoint()).setState(reason.state()).setReasonCode(reason.code())
                .setWhy(reason.why()).setExpiresMs(timeline.getExpireAtMs()).setAttempts(timeline.getAttempts())
                .setTraceparent(Traceparent.text(timeline.getTrace()));
        milestone(answer, "accepted", timeline.getAcceptedMs(), 0);
        milestone(answer, "stored", timeline.getStoredMs(), 0);
        milestone(answer, "routed", timeline.getRoutedMs(), 0);
        milestone(answer, "written",
                timeline.getWrittenMs() == 0 ? now.told().getWrittenMs() : timeline.getWrittenMs(), 0);
        if (timeline.getState() == Timeline.State.ENDED) {
            milestone(answer, reason.state(), timeline.getEndedMs(), timeline.getCode());
        }
        timeline.getReceiptsList().forEach(receipt -> receipt(answer, receipt));
        return answer.build();
    }

    // Delivered and expired stand among the milestones already, as its end.
    private static void receipt(MessageTimeline.Builder answer, Receipt receipt) {
        if (receipt.getKind() != ReceiptKind.DELIVERED && receipt.getKind() != ReceiptKind.RECEIPT_EXPIRED) {
            milestone(answer, Labels.receipt(receipt.getKind().name()), receipt.getAtMs(), receipt.getCode());
        }
    }

    private static void milestone(MessageTimeline.Builder answer, String name, long atMillis, int code) {
        if (atMillis != 0) {
            answer.addMilestones(Milestone.newBuilder().setName(name).setAtMs(atMillis).setAt(Times.text(atMillis))
                    .setCode(code));
        }
    }

    private static Refused unknown(GetTimelineRequest request) {
        return Refused.because(Why.UNKNOWN_MESSAGE, "message_id: " + Refused.shown(request.getMessageId())
                + " (expected: a message of this app to that endpoint)");
    }
}
