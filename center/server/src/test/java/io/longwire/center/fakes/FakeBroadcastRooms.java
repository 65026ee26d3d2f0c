package io.longwire.center.fakes;

import io.longwire.center.broadcast.BroadcastRooms;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.room.client.LiveRoom;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.room.BroadcastOrder;
import io.longwire.rpc.room.CountReply;
import io.longwire.rpc.room.WalkStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/** Rooms that answer what they are told to, and note what they were asked. */
public final class FakeBroadcastRooms implements BroadcastRooms {
    private final Map<Integer, Long> sessions = new TreeMap<>();
    private final Map<Integer, WalkStatus> statuses = new LinkedHashMap<>();
    private final Map<Integer, CompletableFuture<WalkStatus>> hanging = new LinkedHashMap<>();
    private final Map<Integer, CountReply> counts = new LinkedHashMap<>();
    private final List<Order> walked = new ArrayList<>();
    private final List<Order> told = new ArrayList<>();
    private Runnable onWalk = () -> {
    };

    /** An order to a room. */
    public record Order(int room, BroadcastOrder order) {
    }

    /** A room with so many sessions; its walks are under way. */
    public synchronized void room(int incarnation, long count) {
        sessions.put(incarnation, count);
        statuses.putIfAbsent(incarnation, WalkStatus.newBuilder().setWalking(true).setTotal(count).build());
    }

    /** The room leaves: it is not among the members, and answers nothing. */
    public synchronized void leave(int incarnation) {
        sessions.remove(incarnation);
        statuses.put(incarnation, WalkStatus.newBuilder().setCode(WalkStatus.Code.NOT_HERE).build());
    }

    public synchronized void status(int incarnation, WalkStatus status) {
        statuses.put(incarnation, status);
    }

    /** Happens once, while the next order to walk is under way. */
    public synchronized void onWalk(Runnable meanwhile) {
        onWalk = meanwhile;
    }

    /** Orders to it are not answered. */
    public synchronized void silent(int incarnation) {
        statuses.remove(incarnation);
    }

    /** Orders to walk are answered with what the test completes. */
    public synchronized CompletableFuture<WalkStatus> hang(int incarnation) {
        return hanging.computeIfAbsent(incarnation, room -> new CompletableFuture<>());
    }

    public synchronized void count(int incarnation, CountReply reply) {
        counts.put(incarnation, reply);
    }

    public synchronized List<Order> walked() {
        return List.copyOf(walked);
    }

    public synchronized List<Order> told() {
        return List.copyOf(told);
    }

    @Override
    public synchronized List<LiveRoom> rooms() {
        return sessions.entrySet().stream().map(room -> new LiveRoom(room.getKey(), room.getValue(), false)).toList();
    }

    @Override
    public synchronized CompletableFuture<WalkStatus> put(int room, BroadcastOrder order) {
        told.add(new Order(room, order));
        return answer(statuses.get(room));
    }

    @Override
    public synchronized CompletableFuture<WalkStatus> walk(int room, BroadcastOrder order) {
        walked.add(new Order(room, order));
        Runnable meanwhile = onWalk;
        onWalk = () -> {
        };
        meanwhile.run();
        CompletableFuture<WalkStatus> hangs = hanging.get(room);
        return hangs == null ? answer(statuses.get(room)) : hangs;
    }

    @Override
    public synchronized CompletableFuture<CountReply> count(int room, int appId, Audience audience) {
        return answer(counts.get(room));
    }

    private static <A> CompletableFuture<A> answer(@Nullable A answer) {
        return answer == null
                ? CompletableFuture.failedFuture(new RpcFailure(RpcFailure.Kind.DEADLINE, "room: DEADLINE"))
                : CompletableFuture.completedFuture(answer);
    }
}
