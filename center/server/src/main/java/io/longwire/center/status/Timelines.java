package io.longwire.center.status;

import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.center.send.Rules;
import io.longwire.device.id.InvalidIdException;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.register.client.Lookup;
import io.longwire.rpc.center.GetTimelineRequest;
import io.longwire.rpc.center.MessageTimeline;
import io.longwire.rpc.center.Milestone;
import io.longwire.rpc.saver.CancelRequest;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.Timeline;
import io.longwire.rpc.saver.TimelineRequest;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Answers where a message to one endpoint is. The ledger, the register and the endpoint's record are asked at
 * once, so an answer takes as long as the slowest of the three; without the register it says that presence is not
 * known. Thread-safe, never blocks.
 */
public final class Timelines {
    private final Rules rules;
    private final Ledger ledger;
    private final Presence presence;
    private final Clock clock;

    public Timelines(Rules rules, Ledger ledger, Presence presence, Clock clock) {
        this.rules = rules;
        this.ledger = ledger;
        this.presence = presence;
        this.clock = clock;
    }

    /** Fails with Refused: UNKNOWN_MESSAGE, TIMELINE_ERASED, or for a name that is none. */
    public CompletableFuture<MessageTimeline> timeline(int appId, GetTimelineRequest request) {
        long messageId = messageId(request.getMessageId());
        long endpointId = rules.endpoint("endpoint", request.getEndpoint(), appId);
        var found = presence.of(endpointId);
        var record = ledger.endpoint(GetEndpointRequest.newBuilder().setAppId(appId).setEndpointId(endpointId).build())
                .exceptionally(failure -> EndpointRecord.getDefaultInstance());
        return ledger
                .timeline(TimelineRequest.newBuilder().setAppId(appId).setEndpointId(endpointId)
                        .setMessageId(messageId).build())
                .thenCompose(timeline -> found.thenCombine(record,
                        (session, endpoint) -> answer(request, timeline, session, endpoint)));
    }

    /** Ends the message if it still lives, then answers as {@link #timeline}. */
    public CompletableFuture<MessageTimeline> cancel(int appId, GetTimelineRequest request) {
        var cancel = CancelRequest.newBuilder().setAppId(appId).setMessageId(messageId(request.getMessageId()))
                .setEndpointId(rules.endpoint("endpoint", request.getEndpoint(), appId)).build();
        return ledger.cancel(cancel).thenCompose(reply -> switch (reply.getCode()) {
            case ENDED_NOW, ALREADY_ENDED, NOTED -> timeline(appId, request);
            case NO_MESSAGE -> throw unknown(request);
            case UNAVAILABLE, UNRECOGNIZED -> throw Refused.because(Why.UNAVAILABLE,
                    "saver: " + EndResult.Code.UNAVAILABLE + " (expected: the ledger); ask again");
        });
    }

    private MessageTimeline answer(GetTimelineRequest request, Timeline timeline, Lookup session,
            EndpointRecord endpoint) {
        if (timeline.getState() == Timeline.State.NOT_FOUND) {
            throw unknown(request);
        }
        if (timeline.getState() == Timeline.State.ERASED) {
            throw Refused.because(Why.TIMELINE_ERASED, "message_id: " + request.getMessageId()
                    + " (expected: one that ended within the last 7 days)");
        }
        var now = new Reason.Now(session, endpoint, presence.room(session), clock.wallMillis());
        Reason reason = Reason.of(timeline, now);
        var answer = MessageTimeline.newBuilder().setMessageId(MessageId.text(timeline.getMessageId()))
                .setEndpoint(request.getEndpoint()).setState(reason.state()).setWhy(reason.why())
                .setExpiresMs(timeline.getExpireAtMs()).setAttempts(timeline.getAttempts());
        milestone(answer, "accepted", timeline.getAcceptedMs(), 0);
        milestone(answer, "stored", timeline.getStoredMs(), 0);
        milestone(answer, "routed", timeline.getRoutedMs(), 0);
        milestone(answer, "written", timeline.getWrittenMs(), 0);
        if (timeline.getState() == Timeline.State.ENDED) {
            milestone(answer, timeline.getHow().name().toLowerCase(Locale.ROOT), timeline.getEndedMs(),
                    timeline.getCode());
        }
        return answer.build();
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

    private static long messageId(String text) {
        try {
            return MessageId.parse(text);
        } catch (InvalidIdException wrong) {
            throw Refused.invalid("message_id", text.isEmpty() ? "missing" : text,
                    "13 characters of Crockford base 32");
        }
    }
}
