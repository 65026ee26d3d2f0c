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
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.FunnelRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** How far a message to several endpoints, or a broadcast, is, in counts. Thread-safe, never blocks. */
public final class Funnels {
    private final Rules rules;
    private final Ledger ledger;
    private final Timelines timelines;
    private final Function<BroadcastRequest, CompletableFuture<BroadcastProgress>> broadcasts;

    /** @param broadcasts how far one is; with a broadcast in state ABSENT if there is none */
    public Funnels(Rules rules, Ledger ledger, Timelines timelines,
            Function<BroadcastRequest, CompletableFuture<BroadcastProgress>> broadcasts) {
        this.rules = rules;
        this.ledger = ledger;
        this.timelines = timelines;
        this.broadcasts = broadcasts;
    }

    /** With an endpoint: of that one, with its timeline. Fails with Refused UNKNOWN_MESSAGE. */
    public CompletableFuture<MessageFunnel> funnel(int appId, GetMessageRequest request) {
        var ask = FunnelRequest.newBuilder().setAppId(appId)
                .setMessageId(MessageNames.id("message_id", request.getMessageId()));
        if (request.getEndpoint().isEmpty()) {
            return ledger.funnel(ask.build()).thenCompose(found -> answer(appId, request, found, List.of()));
        }
        ask.addEndpointIds(rules.endpoint("endpoint", request.getEndpoint(), appId));
        return timelines.timeline(appId, GetTimelineRequest.newBuilder().setMessageId(request.getMessageId())
                .setEndpoint(request.getEndpoint()).build())
                .thenCombine(ledger.funnel(ask.build()),
                        (timeline, found) -> answer(appId, request, found, List.of(timeline)))
                .thenCompose(answer -> answer);
    }

    private CompletableFuture<MessageFunnel> answer(int appId, GetMessageRequest request, Funnel found,
            List<MessageTimeline> endpoints) {
        if (found.getFound()) {
            return CompletableFuture.completedFuture(answer(request, found, endpoints));
        }
        return broadcasts.apply(BroadcastRequest.newBuilder().setAppId(appId)
                .setBroadcastId(MessageNames.id("message_id", request.getMessageId())).build())
                .thenApply(progress -> isWalked(progress.getBroadcast())
                        ? answer(progress, endpoints)
                        : answer(request, found, endpoints));
    }

    private static boolean isWalked(Broadcast broadcast) {
        return broadcast.getState() != Broadcast.State.ABSENT && broadcast.getListId() == 0;
    }

    // Of a broadcast: sessions as far as they were visited, and endpoints that answered.
    private static MessageFunnel answer(BroadcastProgress progress, List<MessageTimeline> endpoints) {
        String id = MessageId.text(progress.getBroadcast().getBroadcastId());
        long targets = Math.max(progress.getVisited() - progress.getNotInAudience(), progress.getWritten());
        long failed = progress.getFailedMap().values().stream().mapToLong(Long::longValue).sum();
        return MessageFunnel.newBuilder().setMessageId(id).setBroadcastId(id).setTargets(count(targets))
                .setWaiting(count(targets - progress.getAcked() - failed)).putEnded("acked", count(progress.getAcked()))
                .putReceipts("delivered", count(progress.getAcked())).putReceipts("shown", count(progress.getShown()))
                .putReceipts("clicked", count(progress.getClicked())).putReceipts("failed", count(failed))
                .addAllEndpoints(endpoints).build();
    }

    private static int count(long endpoints) {
        return Math.clamp(endpoints, 0, Integer.MAX_VALUE);
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
