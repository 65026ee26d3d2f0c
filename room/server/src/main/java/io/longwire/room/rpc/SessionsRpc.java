package io.longwire.room.rpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.cluster.Slots;
import io.longwire.room.presence.PresenceFeed;
import io.longwire.room.presence.SessionBook;
import io.longwire.rpc.room.ListSessionsReply;
import io.longwire.rpc.room.ListSessionsRequest;
import io.longwire.rpc.room.ListedSession;
import io.longwire.rpc.room.RoomSessionsGrpc.RoomSessionsImplBase;
import java.util.function.IntSupplier;

/**
 * Shows the sessions of an app, slot by slot, for snapshots of presence. The feed is told first that the app is wanted,
 * then the book is read: what is not in the answer yet will be told. Thread-safe, never blocks.
 */
public final class SessionsRpc extends RoomSessionsImplBase {
    private final SessionBook book;
    private final PresenceFeed feed;
    private final IntSupplier incarnation;

    /** @param incarnation the room's present one */
    public SessionsRpc(SessionBook book, PresenceFeed feed, IntSupplier incarnation) {
        this.book = book;
        this.feed = feed;
        this.incarnation = incarnation;
    }

    @Override
    public void list(ListSessionsRequest request, StreamObserver<ListSessionsReply> answer) {
        int to = request.getToSlot();
        if (request.getFromSlot() < 0 || to < request.getFromSlot() || to > Slots.COUNT) {
            answer.onError(Status.INVALID_ARGUMENT.withDescription("slots: " + request.getFromSlot() + " to " + to
                    + " (expected: a range within 0 to 4096)").asException());
            return;
        }
        var reply = ListSessionsReply.newBuilder();
        if (request.getRoomIncarnation() != incarnation.getAsInt()) {
            answer.onNext(reply.setNotHere(true).build());
            answer.onCompleted();
            return;
        }
        feed.wanted(request.getAppId());
        int slot = request.getFromSlot();
        while (slot < to && reply.getSessionsCount() < Math.max(1, request.getLimit())) {
            book.forEach(slot++, (endpointId, connSeq, appId) -> {
                if (appId == request.getAppId()) {
                    reply.addSessions(ListedSession.newBuilder().setEndpointId(endpointId).setConnSeq(connSeq));
                }
            });
        }
        answer.onNext(reply.setNextSlot(slot).build());
        answer.onCompleted();
    }
}
