package io.longwire.center.fakes;

import io.longwire.center.broadcast.BroadcastStore;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.BroadcastEndpoint;
import io.longwire.rpc.saver.BroadcastEndpointRequest;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.EstimateReply;
import io.longwire.rpc.saver.EstimateRequest;
import io.longwire.rpc.saver.LeaseWalksReply;
import io.longwire.rpc.saver.LeaseWalksRequest;
import io.longwire.rpc.saver.ListBroadcastsReply;
import io.longwire.rpc.saver.ListBroadcastsRequest;
import io.longwire.rpc.saver.ListRequest;
import io.longwire.rpc.saver.ReportWalksRequest;
import io.longwire.rpc.saver.Walk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** Broadcasts in memory: sequences, compare-and-set, leases with epochs; what is legal to change is the caller's. */
public final class FakeBroadcastStore implements BroadcastStore {
    private static final long CHANGED_MILLIS = 15_000;

    private final Clock clock;
    private final Map<Long, Broadcast> broadcasts = new LinkedHashMap<>();
    private final Map<Long, Long> changedAt = new LinkedHashMap<>();
    private final Map<List<Object>, Held> walks = new LinkedHashMap<>();
    private EstimateReply estimate = EstimateReply.getDefaultInstance();
    private BroadcastEndpoint endpoint = BroadcastEndpoint.getDefaultInstance();
    private @Nullable FakeListStore lists;
    private boolean away;
    private Runnable beforeChange = () -> {
    };

    private static final class Held {
        private String center = "";
        private long until;
        private long doneAt;
        private Walk walk;

        Held(Walk walk) {
            this.walk = walk;
        }

        boolean done() {
            return walk.getFinished() || walk.getGone();
        }
    }

    public FakeBroadcastStore(Clock clock) {
        this.clock = clock;
    }

    /** No call is answered while it is so. */
    public synchronized void away(boolean gone) {
        away = gone;
    }

    public synchronized void estimate(EstimateReply reply) {
        estimate = reply;
    }

    public synchronized Broadcast broadcast(long id) {
        return broadcasts.getOrDefault(id, Broadcast.getDefaultInstance());
    }

    /** The newest one. */
    public synchronized Broadcast newest() {
        return new ArrayList<>(broadcasts.values()).getLast();
    }

    public synchronized List<Walk> walks() {
        return walks.values().stream().map(held -> held.walk).toList();
    }

    private synchronized <A> CompletableFuture<A> answer(Supplier<A> work) {
        return away
                ? CompletableFuture.failedFuture(new RpcFailure(RpcFailure.Kind.NO_TARGET, "saver: NO_TARGET"))
                : CompletableFuture.completedFuture(work.get());
    }

    @Override
    public CompletableFuture<Broadcast> create(Broadcast wanted) {
        return answer(() -> {
            for (Broadcast there : broadcasts.values()) {
                if (wanted.hasIdempotency()
                        && there.getIdempotency().getKeyHash().equals(wanted.getIdempotency().getKeyHash())) {
                    return there;
                }
            }
            Broadcast made = wanted.toBuilder().setSeq(broadcasts.size() + 2).setVersion(1).build();
            broadcasts.put(made.getBroadcastId(), made);
            return made;
        });
    }

    /** Runs once, before the next change is looked at. */
    public synchronized void beforeChange(Runnable first) {
        beforeChange = first;
    }

    @Override
    public CompletableFuture<Broadcast> change(BroadcastChange change) {
        Runnable first = beforeChange;
        beforeChange = () -> {
        };
        first.run();
        return answer(() -> {
            Broadcast there = broadcast(change.getBroadcastId());
            if (there.getBroadcastId() == 0
                    || (change.getIfVersion() != 0 && change.getIfVersion() != there.getVersion())) {
                return there;
            }
            var changed = there.toBuilder().setVersion(there.getVersion() + 1).setReason(change.getReason());
            if (change.getState() != State.ABSENT) {
                changed.setState(change.getState());
            }
            if (change.hasPace()) {
                changed.setPace(change.getPace());
            }
            if (change.getOverruled()) {
                changed.getCanaryBuilder().setOverruled(true);
            }
            if (change.getStage() != 0 && there.getStage() == 0) {
                changed.setStage(1).setStageMs(clock.wallMillis());
            }
            broadcasts.put(there.getBroadcastId(), changed.build());
            changedAt.put(there.getBroadcastId(), clock.wallMillis());
            return changed.build();
        });
    }

    @Override
    public CompletableFuture<BroadcastProgress> progress(BroadcastRequest request) {
        return answer(() -> {
            Broadcast found = broadcast(request.getBroadcastId());
            if (request.getAppId() != 0 && found.getAppId() != request.getAppId()) {
                return BroadcastProgress.getDefaultInstance();
            }
            var sum = BroadcastProgress.newBuilder().setBroadcast(found);
            for (Held held : walks.values()) {
                Walk walk = held.walk;
                if (walk.getBroadcastId() == found.getBroadcastId()) {
                    sum.setTotal(sum.getTotal() + walk.getTotal()).setVisited(sum.getVisited() + walk.getVisited())
                            .setWritten(sum.getWritten() + walk.getWritten())
                            .setAcked(sum.getAcked() + walk.getAcked()).setBehind(sum.getBehind() + walk.getBehind())
                            .setDroppedAfter(sum.getDroppedAfter() + walk.getDroppedAfter());
                    walk.getFailedMap().forEach((status, count) -> sum.putFailed(status,
                            sum.getFailedOrDefault(status, 0) + count));
                    if (held.done()) {
                        sum.setFinishedMs(Math.max(sum.getFinishedMs(), held.doneAt));
                    }
                    if (walk.getStage() == found.getStage()) {
                        sum.setRooms(sum.getRooms() + 1).setRoomsFinished(sum.getRoomsFinished()
                                + (held.done() ? 1 : 0));
                    }
                }
            }
            return sum.build();
        });
    }

    /** What is known of every endpoint. */
    public synchronized void endpoint(BroadcastEndpoint known) {
        endpoint = known;
    }

    @Override
    public CompletableFuture<BroadcastEndpoint> endpoint(BroadcastEndpointRequest request) {
        return progress(BroadcastRequest.newBuilder().setAppId(request.getAppId())
                .setBroadcastId(request.getBroadcastId()).build())
                .thenApply(progress -> endpoint.toBuilder().setProgress(progress).build());
    }

    @Override
    public CompletableFuture<ListBroadcastsReply> list(ListBroadcastsRequest request) {
        return answer(() -> ListBroadcastsReply.newBuilder().addAllBroadcasts(broadcasts.values().stream()
                .filter(one -> request.getAppId() == 0 || one.getAppId() == request.getAppId())
                .filter(one -> request.getBeforeId() == 0 || one.getBroadcastId() < request.getBeforeId())
                .sorted((a, b) -> Long.compare(b.getBroadcastId(), a.getBroadcastId()))
                .limit(Math.max(1, request.getLimit())).toList()).build());
    }

    @Override
    public CompletableFuture<EstimateReply> estimate(EstimateRequest request) {
        return answer(() -> estimate);
    }

    /** Lists that broadcasts may go to. */
    public synchronized void lists(FakeListStore store) {
        lists = store;
    }

    private void makeRanges(Broadcast one) {
        var list = Objects.requireNonNull(lists).get(ListRequest.newBuilder().setAppId(one.getAppId())
                .setListId(one.getListId()).build()).join();
        for (int range = 0; range < list.getChunksCount(); range++) {
            var walk = Walk.newBuilder().setBroadcastId(one.getBroadcastId()).setRoomIncarnation(range + 1)
                    .setStage(one.getStage()).setTotal(list.getSizes(range)).setChunks(list.getChunks(range)).build();
            if (walk.getChunks() > 0) {
                walks.computeIfAbsent(List.of(one.getBroadcastId(), range + 1, one.getStage()), key -> new Held(walk));
            }
        }
    }

    @Override
    public CompletableFuture<LeaseWalksReply> leaseWalks(LeaseWalksRequest request) {
        return answer(() -> {
            var reply = LeaseWalksReply.newBuilder();
            reply.addAllChanged(changedWithin(CHANGED_MILLIS));
            for (Broadcast one : broadcasts.values()) {
                if (one.getState() != State.RUNNING && one.getState() != State.PAUSED) {
                    continue;
                }
                if (one.getListId() != 0) {
                    makeRanges(one);
                } else {
                    request.getRoomsList().forEach(room -> walks.computeIfAbsent(
                            List.of(one.getBroadcastId(), room, one.getStage()),
                            key -> new Held(Walk.newBuilder().setBroadcastId(one.getBroadcastId())
                                    .setRoomIncarnation(room).setStage(one.getStage()).build())));
                }
                boolean open = false;
                for (Held held : walks.values()) {
                    if (held.walk.getBroadcastId() == one.getBroadcastId() && held.walk.getStage() == one.getStage()
                            && (!held.done() || one.getStage() == 0)) {
                        open |= !held.done();
                        lease(held, request, one, reply);
                    }
                }
                if (!open && one.getState() == State.RUNNING) {
                    reply.addWalked(one.getBroadcastId());
                }
            }
            return reply.build();
        });
    }

    private void lease(Held held, LeaseWalksRequest request, Broadcast broadcast, LeaseWalksReply.Builder reply) {
        long now = clock.wallMillis();
        boolean own = held.center.equals(request.getCenter());
        if (own || held.until <= now) {
            held.walk = own ? held.walk : held.walk.toBuilder().setEpoch(held.walk.getEpoch() + 1).build();
            held.center = request.getCenter();
            held.until = now + request.getLeaseMs();
            reply.addWalks(held.walk.toBuilder().setBroadcast(broadcast));
        }
    }

    @Override
    public CompletableFuture<LeaseWalksReply> reportWalks(ReportWalksRequest request) {
        return answer(() -> {
            var reply = LeaseWalksReply.newBuilder();
            for (Walk walk : request.getWalksList()) {
                Held held = walks.get(List.of(walk.getBroadcastId(), walk.getRoomIncarnation(), walk.getStage()));
                if (held != null && held.center.equals(request.getCenter())
                        && held.walk.getEpoch() == walk.getEpoch()) {
                    boolean done = held.done();
                    held.walk = walk;
                    held.doneAt = done ? held.doneAt : held.done() ? clock.wallMillis() : 0;
                    reply.addWalks(walk.toBuilder().setBroadcast(broadcast(walk.getBroadcastId())));
                } else {
                    reply.addWalks(Walk.getDefaultInstance());
                }
            }
            return reply.build();
        });
    }

    private List<Broadcast> changedWithin(long millis) {
        return changedAt.entrySet().stream().filter(each -> clock.wallMillis() - each.getValue() < millis)
                .map(each -> broadcast(each.getKey())).toList();
    }

    @Override
    public CompletableFuture<List<Broadcast>> changes(int withinMillis) {
        return answer(() -> changedWithin(withinMillis));
    }
}
