package io.longwire.room.client;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.room.ListSessionsReply;
import io.longwire.rpc.room.ListSessionsRequest;
import io.longwire.rpc.room.RoomSessionsGrpc;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The sessions of rooms, room by room. Thread-safe, never blocks. */
public final class RoomLists {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final Rpc rpc;
    private final Cluster cluster;

    public RoomLists(Rpc rpc, Cluster cluster) {
        this.rpc = rpc;
        this.cluster = cluster;
    }

    /**
     * Asks one room; from then on it tells coordinators what becomes of the app's sessions. Completes within 2 s, with
     * {@link RpcFailure} where it did not answer; a room that has left the members says {@code not_here}.
     */
    public CompletableFuture<ListSessionsReply> list(ListSessionsRequest request) {
        Member room = cluster.members("room").byIndex(request.getRoomIncarnation()).orElse(null);
        if (room == null) {
            return CompletableFuture.completedFuture(ListSessionsReply.newBuilder().setNotHere(true).build());
        }
        var answer = new Unary<ListSessionsReply>();
        RoomSessionsGrpc.newStub(rpc.channel(room.rpcAddress())).withDeadlineAfter(DEADLINE).list(request, answer);
        return answer.future();
    }
}
