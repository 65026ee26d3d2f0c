package io.longwire.center.broadcast;

import io.longwire.center.list.ListWalks;
import io.longwire.room.client.LiveRoom;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.saver.Broadcast;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Tells every room what a broadcast has become, at once. A room that does not hear it here hears it within a second
 * from the center that leases its walk, or finds it in the list it asks for every few seconds. Of a broadcast to a list
 * rooms hear nothing, but this center's ranges do; those of the others hear it within a second. Thread-safe, never
 * blocks.
 */
public final class Telling {
    private final BroadcastRooms rooms;
    private final ListWalks lists;

    public Telling(BroadcastRooms rooms, ListWalks lists) {
        this.rooms = rooms;
        this.lists = lists;
    }

    /** Completes when every room has answered or its time is over; never fails. */
    public CompletableFuture<?> tell(Broadcast broadcast) {
        if (broadcast.getListId() != 0) {
            lists.tell(broadcast);
            return CompletableFuture.completedFuture(broadcast);
        }
        List<LiveRoom> live = rooms.rooms();
        return CompletableFuture.allOf(live.stream().map(room -> put(room.incarnation(), BroadcastOrder
                .newBuilder().setBroadcast(broadcast)
                .setRatePerSecond(PaceShares.of(broadcast.getPace(), live, room.incarnation(), 0)).build()))
                .toArray(CompletableFuture[]::new));
    }

    // A room that does not answer is asked once more, without anybody waiting for it.
    private CompletableFuture<?> put(int room, BroadcastOrder order) {
        return rooms.put(room, order).handle((status, failure) -> failure == null ? null : rooms.put(room, order));
    }
}
