package io.longwire.center.client;

import io.grpc.MethodDescriptor;
import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.Repeat;
import io.longwire.center.client.call.Watch;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.center.BroadcastName;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.ControlBroadcastRequest;
import io.longwire.rpc.center.ListBroadcastsRequest;
import io.longwire.rpc.center.PaceBroadcastRequest;

/** One message to many: made, watched, slowed, stopped and taken back. Each call may be made twice. Thread-safe. */
public final class Broadcasts {
    private final Calls calls;

    Broadcasts(Calls calls) {
        this.calls = calls;
    }

    /** Makes it; it begins at once, unless it has a time or needs an approval. Each endpoint gets it once. */
    public Answer<BroadcastState> create(Broadcast broadcast) {
        return calls.call(CenterGrpc.getCreateBroadcastMethod(), broadcast.keyed(), Repeat.ALWAYS)
                .map(BroadcastState::of);
    }

    public Answer<BroadcastState> get(String broadcastId) {
        return calls.call(CenterGrpc.getGetBroadcastMethod(), named(broadcastId), Repeat.ALWAYS)
                .map(BroadcastState::of);
    }

    /**
     * The app's, newest first.
     *
     * @param cursor of the page before; empty = from the newest
     * @param limit 1 to 100
     * @param activeOnly only those that are not over
     */
    public Answer<Page<BroadcastState>> list(String cursor, int limit, boolean activeOnly) {
        var request = ListBroadcastsRequest.newBuilder().setCursor(cursor).setLimit(limit).setActive(activeOnly)
                .build();
        return calls.call(CenterGrpc.getListBroadcastsMethod(), request, Repeat.ALWAYS).map(reply -> new Page<>(
                reply.getBroadcastsList().stream().map(BroadcastState::of).toList(), reply.getCursor()));
    }

    /**
     * How far it is, every second, until it is walked, cancelled or over; to be closed. It lasts through a center that
     * goes away.
     */
    public Watch<BroadcastState> watch(String broadcastId) {
        return calls.watch(CenterGrpc.getWatchBroadcastMethod(), named(broadcastId), BroadcastState::of);
    }

    /** Nothing more is written, within a second, until it is resumed. */
    public Answer<BroadcastState> pause(String broadcastId, String reason) {
        return control(CenterGrpc.getPauseBroadcastMethod(), broadcastId, reason);
    }

    /** It goes on where it was. */
    public Answer<BroadcastState> resume(String broadcastId, String reason) {
        return control(CenterGrpc.getResumeBroadcastMethod(), broadcastId, reason);
    }

    /** Nobody gets it any more; who has it keeps it. */
    public Answer<BroadcastState> cancel(String broadcastId, String reason) {
        return control(CenterGrpc.getCancelBroadcastMethod(), broadcastId, reason);
    }

    /** Another pace, from now on. */
    public Answer<BroadcastState> pace(String broadcastId, Pace pace) {
        var request = PaceBroadcastRequest.newBuilder().setBroadcastId(broadcastId).setPace(pace.wire()).build();
        return calls.call(CenterGrpc.getPaceBroadcastMethod(), request, Repeat.ALWAYS).map(BroadcastState::of);
    }

    /** From the canary to everybody. */
    public Answer<BroadcastState> advance(String broadcastId, String reason) {
        return control(CenterGrpc.getAdvanceBroadcastMethod(), broadcastId, reason);
    }

    /** Lets one go that is held; needs the operator's key. */
    public Answer<BroadcastState> approve(String broadcastId, String reason) {
        return control(CenterGrpc.getApproveBroadcastMethod(), broadcastId, reason);
    }

    /** Cancels it and takes it back from who has it; answers the broadcast that does so. */
    public Answer<BroadcastState> revoke(String broadcastId, String reason) {
        return control(CenterGrpc.getRevokeBroadcastMethod(), broadcastId, reason);
    }

    private Answer<BroadcastState> control(MethodDescriptor<ControlBroadcastRequest, BroadcastInfo> method,
            String broadcastId, String reason) {
        var request = ControlBroadcastRequest.newBuilder().setBroadcastId(broadcastId).setReason(reason).build();
        return calls.call(method, request, Repeat.ALWAYS).map(BroadcastState::of);
    }

    private static BroadcastName named(String broadcastId) {
        return BroadcastName.newBuilder().setBroadcastId(broadcastId).build();
    }
}
