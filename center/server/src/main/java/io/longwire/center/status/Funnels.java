package io.longwire.center.status;

import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.center.send.MessageNames;
import io.longwire.center.send.Rules;
import io.longwire.device.id.MessageId;
import io.longwire.rpc.center.GetMessageRequest;
import io.longwire.rpc.center.GetTimelineRequest;
import io.longwire.rpc.center.MessageFunnel;
import io.longwire.rpc.center.MessageTimeline;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.FunnelRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How far a message to several endpoints is, in counts. Thread-safe, never blocks. */
public final class Funnels {
    private final Rules rules;
    private final Ledger ledger;
    private final Timelines timelines;

    public Funnels(Rules rules, Ledger ledger, Timelines timelines) {
        this.rules = rules;
        this.ledger = ledger;
        this.timelines = timelines;
    }

    /** With an endpoint: of that one, with its timeline. Fails with Refused UNKNOWN_MESSAGE. */
    public CompletableFuture<MessageFunnel> funnel(int appId, GetMessageRequest request) {
        var ask = FunnelRequest.newBuilder().setAppId(appId)
                .setMessageId(MessageNames.id("message_id", request.getMessageId()));
        if (request.getEndpoint().isEmpty()) {
            return ledger.funnel(ask.build()).thenApply(found -> answer(request, found, List.of()));
        }
        ask.addEndpointIds(rules.endpoint("endpoint", request.getEndpoint(), appId));
        return timelines.timeline(appId, GetTimelineRequest.newBuilder().setMessageId(request.getMessageId())
                .setEndpoint(request.getEndpoint()).build())
                .thenCombine(ledger.funnel(ask.build()),
                        (timeline, found) -> answer(request, found, List.of(timeline)));
    }

    private static MessageFunnel answer(GetMessageRequest request, Funnel found, List<MessageTimeline> timelines) {
        if (!found.getFound() && timelines.isEmpty()) {
            throw Refused.because(Why.UNKNOWN_MESSAGE, "message_id: " + Refused.shown(request.getMessageId())
                    + " (expected: a message of this app to several endpoints; name the endpoint of any other)");
        }
        var answer = MessageFunnel.newBuilder()
                .setMessageId(MessageId.text(MessageNames.id("message_id", request.getMessageId())))
                .setTargets(found.getTargets()).setWaiting(found.getWaiting()).setUnknown(found.getUnknown())
                .setFirstAckMs(found.getFirstAckMs()).setLastAckMs(found.getLastAckMs()).addAllEndpoints(timelines);
        found.getEndedMap().forEach((how, count) -> answer.putEnded(Labels.how(how), count));
        found.getReceiptsMap().forEach((kind, count) -> answer.putReceipts(Labels.receipt(kind), count));
        return answer.build();
    }
}
