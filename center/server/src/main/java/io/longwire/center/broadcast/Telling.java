package io.longwire.center.broadcast;

import io.longwire.center.list.ListWalks;
import io.longwire.room.client.LiveRoom;
import io.longwire.rpc.saver.Broadcast;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Tells every room what a broadcast has become: at once where this center changed it, and within a second of what any
 * center changed, since that one may have died before it told them. A room is told of a version once by each center;
 * one that does not answer, at once again, and then at every look for as long as the change is new. Of a broadcast to a
 * list rooms hear nothing, but this center's ranges do; those of the others hear it from their center's
 * {@link Changes}. Thread-safe, never blocks.
 */
public final class Telling {
    private static final int REMEMBERED = 2_000;

    /** @param rooms that have answered, or are about to */
    private record Told(int version, Set<Integer> rooms) {
    }

    private final BroadcastRooms rooms;
    private final Map<Long, Told> told = new LinkedHashMap<>() { // guarded by this
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Told> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final ListWalks lists;
    private final ProductPaces paces;

    /** @param paces what products' backends bear */
    public Telling(BroadcastRooms rooms, ListWalks lists, ProductPaces paces) {
        this.rooms = rooms;
        this.lists = lists;
        this.paces = paces;
    }

    /** Completes when every room has answered or its time is over; never fails. */
    public CompletableFuture<?> tell(Broadcast broadcast) {
        if (broadcast.getListId() != 0) {
            lists.tell(broadcast);
            return CompletableFuture.completedFuture(broadcast);
        }
        return again(List.of(broadcast), rooms.rooms());
    }

    // One that was never numbered is held: rooms do not know it.
    /** Tells ranges, and what rooms have not been told by this center; as {@link #tell}. */
    CompletableFuture<?> again(List<Broadcast> changed, List<LiveRoom> live) {
        changed.stream().filter(one -> one.getListId() != 0).forEach(lists::tell);
        return CompletableFuture.allOf(changed.stream().filter(one -> one.getListId() == 0 && one.getSeq() != 0)
                .flatMap(one -> live.stream().filter(room -> isNews(one, room.incarnation()))
                        .map(room -> put(one, live, room.incarnation())))
                .toArray(CompletableFuture[]::new));
    }

    private synchronized boolean isNews(Broadcast broadcast, int room) {
        Told known = told.get(broadcast.getBroadcastId());
        if (known == null || known.version < broadcast.getVersion()) {
            known = new Told(broadcast.getVersion(), new HashSet<>());
            told.put(broadcast.getBroadcastId(), known);
        }
        return known.version == broadcast.getVersion() && known.rooms.add(room);
    }

    private synchronized void forget(Broadcast broadcast, int room) {
        Told known = told.get(broadcast.getBroadcastId());
        if (known != null) {
            known.rooms.remove(room);
        }
    }

    // Only what is being walked has a pace that a backend can feel.
    private Limit limit(Broadcast broadcast) {
        return broadcast.getState() == Broadcast.State.RUNNING ? paces.of(broadcast) : Limit.NONE;
    }

    // A room that does not answer is asked once more, without anybody waiting for it.
    private CompletableFuture<?> put(Broadcast broadcast, List<LiveRoom> live, int room) {
        var order = PaceShares.order(broadcast, live, room, 0, limit(broadcast)).build();
        return rooms.put(room, order).handle((status, failure) -> failure == null
                ? status
                : rooms.put(room, order).whenComplete((later, silent) -> {
                    if (silent != null) {
                        forget(broadcast, room);
                    }
                }));
    }
}
