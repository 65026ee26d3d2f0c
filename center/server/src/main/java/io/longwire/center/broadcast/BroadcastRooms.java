package io.longwire.center.broadcast;

import io.longwire.room.client.LiveRoom;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.room.CountReply;
import io.longwire.rpc.room.WalkStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The rooms, which write broadcasts. Futures fail with RpcFailure within their deadline; all may be repeated. */
public interface BroadcastRooms {
    /** Those that live now, as this process sees them. */
    List<LiveRoom> rooms();

    CompletableFuture<WalkStatus> put(int room, BroadcastOrder order);

    CompletableFuture<WalkStatus> walk(int room, BroadcastOrder order);

    CompletableFuture<CountReply> count(int room, int appId, Audience audience);
}
