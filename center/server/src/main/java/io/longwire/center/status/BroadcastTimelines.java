package io.longwire.center.status;

import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.register.client.Lookup;
import io.longwire.rpc.center.MessageTimeline;
import io.longwire.rpc.center.Milestone;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastEndpoint;
import io.longwire.rpc.saver.BroadcastEndpointRequest;
import io.longwire.rpc.saver.EndpointRecord;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Answers where a broadcast is on its way to one endpoint: the savers are asked, and, of one that is online, its room
 * whether the app runs. Thread-safe, never blocks.
 */
public final class BroadcastTimelines {
    private final Function<BroadcastEndpointRequest, CompletableFuture<BroadcastEndpoint>> savers;
    private final Presence presence;
    private final Clock clock;

    /** @param savers what they know of a broadcast and an endpoint */
    public BroadcastTimelines(Function<BroadcastEndpointRequest, CompletableFuture<BroadcastEndpoint>> savers,
            Presence presence, Clock clock) {
        this.savers = savers;
        this.presence = presence;
        this.clock = clock;
    }

    /** Empty = the app has no such broadcast that rooms write, or no such endpoint. */
    CompletableFuture<Optional<MessageTimeline>> timeline(BroadcastEndpointRequest request, String endpoint,
            Lookup session) {
        return savers.apply(request).thenCompose(known -> {
            Broadcast broadcast = known.getProgress().getBroadcast();
            return broadcast.getState() == Broadcast.State.ABSENT || broadcast.getListId() != 0
                    || known.getEndpoint().getState() == EndpointRecord.State.ABSENT
                            ? CompletableFuture.completedFuture(Optional.empty())
                            : presence.ask(session, 0).thenApply(told -> Optional.of(answer(known, endpoint,
                                    new Reason.Now(session, known.getEndpoint(), told, presence.room(session),
                                            clock.wallMillis()))));
        });
    }

    private static MessageTimeline answer(BroadcastEndpoint known, String endpoint, Reason.Now now) {
        Broadcast broadcast = known.getProgress().getBroadcast();
        Reason reason = BroadcastReason.of(known, now);
        return MessageTimeline.newBuilder().setMessageId(MessageId.text(broadcast.getBroadcastId()))
                .setEndpoint(endpoint).setState(reason.state()).setReasonCode(reason.code()).setWhy(reason.why())
                .setExpiresMs(broadcast.getExpireAtMs())
                .addMilestones(Milestone.newBuilder().setName("accepted").setAtMs(broadcast.getCreatedMs())
                        .setAt(Times.text(broadcast.getCreatedMs())))
                .build();
    }
}
