package io.longwire.coordinator.presence;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.client.Partitions;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.room.ListSessionsReply;
import io.longwire.rpc.room.ListSessionsRequest;
import io.longwire.rpc.room.ListedSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Who is online in a partition, page by page: the cursor first, then the rooms by rising incarnation, each slot by
 * slot. A page says where the next one begins; nothing is remembered here. A room that starts meanwhile need not be
 * asked: it tells all it has, behind the cursor. One that told something before the cursor and that this process never
 * had in sight fails the page: it may live. Thread-safe, never blocks.
 */
public final class Snapshots {
    private static final int SLOTS = Slots.COUNT / Partitions.COUNT;
    private static final Pattern PLACE = Pattern.compile("(\\d{1,15}-\\d{1,15})/(\\d{1,5})/(\\d{1,4})");

    private final PresenceStore store;
    private final RoomSight rooms;
    private final Function<ListSessionsRequest, CompletableFuture<ListSessionsReply>> lists;
    private final Metrics metrics;

    /** An endpoint that is online. */
    public record Online(long endpointId, long connSeq, int via) {
    }

    /**
     * Some of them.
     *
     * @param next where the next page begins; empty = that was all
     * @param cursor the id of the last event in the partition's stream before the first room was asked
     */
    public record Page(List<Online> online, String next, String cursor) {
    }

    private record Place(String cursor, int room, int slot) {
        static Place parse(String text, int partition) {
            Matcher parts = PLACE.matcher(text);
            if (!parts.matches() || Integer.parseInt(parts.group(3)) / SLOTS != partition) {
                throw Status.INVALID_ARGUMENT.withDescription("page: " + text.replaceAll("[^ -~]", "?")
                        + " (expected: next of the page before, of the same partition)").asRuntimeException();
            }
            return new Place(parts.group(1), Integer.parseInt(parts.group(2)), Integer.parseInt(parts.group(3)));
        }

        String text() {
            return cursor + "/" + room + "/" + slot;
        }
    }

    /**
     * @param lists asks one room
     */
    public Snapshots(PresenceStore store, RoomSight rooms,
            Function<ListSessionsRequest, CompletableFuture<ListSessionsReply>> lists, Metrics metrics) {
        this.store = store;
        this.rooms = rooms;
        this.lists = lists;
        this.metrics = metrics;
    }

    /**
     * Fails with FAILED_PRECONDITION for an app without a channel, with RpcFailure while a room does not answer, with
     * UNAVAILABLE while rooms may be out of sight, with StoreFailure while Redis does not answer. Throws
     * INVALID_ARGUMENT.
     *
     * @param partition 0 to 63
     * @param page of the page before; empty = the first
     */
    public CompletableFuture<Page> page(int app, int partition, String page, int limit) {
        if (rooms.blind()) {
            return CompletableFuture.failedFuture(outOfSight("ZooKeeper: cut off (expected: a sight of all rooms)"));
        }
        if (!page.isEmpty()) {
            return gather(app, partition, Place.parse(page, partition), limit, new ArrayList<>());
        }
        return store.cursor(partition, app).thenCompose(cursor -> cursor.isEmpty()
                ? CompletableFuture.failedFuture(noChannel())
                : sighted(partition).thenCompose(all -> gather(app, partition,
                        new Place(cursor, 0, partition * SLOTS), limit, new ArrayList<>())));
    }

    // What a room told before the cursor is in the snapshot only if the room is asked.
    private CompletableFuture<Void> sighted(int partition) {
        return store.standing(partition).thenAccept(now -> now.rooms().forEach(room -> {
            if (!room.closed() && !rooms.saw(room.via())) {
                throw outOfSight("room: " + room.via() + " (expected: one that was seen, or is told gone)");
            }
        }));
    }

    private CompletableFuture<Page> gather(int app, int partition, Place from, int limit, List<Online> found) {
        Integer room = roomFrom(from.room);
        if (room == null) {
            return CompletableFuture.completedFuture(new Page(found, "", from.cursor));
        }
        int slot = room == from.room ? from.slot : partition * SLOTS;
        int end = (partition + 1) * SLOTS;
        var request = ListSessionsRequest.newBuilder().setRoomIncarnation(room).setAppId(app).setFromSlot(slot)
                .setToSlot(end).setLimit(limit - found.size()).build();
        return store.note(partition, room).thenCompose(noted -> lists.apply(request)).whenComplete((reply, failure) -> {
            if (failure != null) {
                metrics.counter(CoordinatorMetric.SNAPSHOT_ROOMS_FAILED).increment();
            }
        }).thenCompose(reply -> {
            add(reply, room, found);
            Place next = reply.getNotHere() || reply.getNextSlot() >= end
                    ? new Place(from.cursor, room + 1, partition * SLOTS)
                    : new Place(from.cursor, room, reply.getNextSlot());
            return found.size() < limit
                    ? gather(app, partition, next, limit, found)
                    : CompletableFuture.completedFuture(new Page(found, next.text(), from.cursor));
        });
    }

    private @Nullable Integer roomFrom(int least) {
        return rooms.live().stream().filter(one -> one >= least).min(Integer::compare).orElse(null);
    }

    private static void add(ListSessionsReply reply, int room, List<Online> found) {
        for (ListedSession session : reply.getSessionsList()) {
            found.add(new Online(session.getEndpointId(), session.getConnSeq(), room));
        }
    }

    private static StatusRuntimeException outOfSight(String what) {
        return Status.UNAVAILABLE.withDescription(what).asRuntimeException();
    }

    private static StatusRuntimeException noChannel() {
        return Status.FAILED_PRECONDITION.withDescription("channel: none of type " + PresenceStore.TYPE
                + " (expected: one that was made before)").asRuntimeException();
    }
}
