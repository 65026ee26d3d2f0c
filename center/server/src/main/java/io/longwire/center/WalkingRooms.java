package io.longwire.center;

import io.longwire.center.broadcast.BroadcastRooms;
import io.longwire.room.client.LiveRoom;
import io.longwire.room.client.RoomClient;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.room.CountReply;
import io.longwire.rpc.room.WalkStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The rooms as broadcasts see them. Stateless. */
record WalkingRooms(RoomClient client) implements BroadcastRooms {
    @Override
    public List<LiveRoom> rooms() {
        return client.rooms();
    }

    @Override
    public CompletableFuture<WalkStatus> put(int room, BroadcastOrder order) {
        return client.putBroadcast(room, order);
    }

    @Override
    public CompletableFuture<WalkStatus> walk(int room, BroadcastOrder order) {
        return client.walk(room, order);
    }

    @Override
    public CompletableFuture<CountReply> count(int room, int appId, Audience audience) {
        return client.count(room, appId, audience);
    }
}
