package io.longwire.center.broadcast;

import io.longwire.center.CenterMetric;
import io.longwire.center.list.ListWalks;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.room.client.LiveRoom;
import io.longwire.rpc.room.WalkStatus;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.LeaseWalksReply;
import io.longwire.rpc.saver.LeaseWalksRequest;
import io.longwire.rpc.saver.ReportWalksRequest;
import io.longwire.rpc.saver.Walk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the rooms walk. Every center asks once a second for walks and gets a lease of 10 s on each, its own renewed with
 * it; it orders each from its room, which starts it or tells how far it is, and reports that. So a round carries
 * nothing over to the next: who dies is replaced by whoever asks when the lease is over, and the room goes on
 * meanwhile. The same look tells of every change of late, and every room is told of it. Ranges of lists, which no room
 * knows, are walked by {@link ListWalks} in this process. What comes after the last walk of a stage is {@link Stages}'
 * to say. Works on the clock's thread and on those that bring answers; never blocks; one round at a time.
 */
public final class Walking implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(10);
    static final int MOST = 500;

    private static final Logger LOG = LoggerFactory.getLogger(Walking.class);
    private static final Duration ROUND = Duration.ofSeconds(1);

    private final BroadcastStore store;
    private final BroadcastRooms rooms;
    private final Telling telling;
    private final ListWalks lists;
    private final Stages stages;
    private final ProductPaces paces;
    private final Self self;
    private final Tools tools;
    private final AbsentRooms absent;
    private final AtomicBoolean round = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();
    private Clock.@Nullable Cancellable rounds;
    private volatile boolean closed;

    /**
     * This center.
     *
     * @param cutOff whether it is cut off at the moment: then it leases nothing
     */
    public record Self(Supplier<String> instance, BooleanSupplier cutOff) {
    }

    /** When it goes on, and how fast. */
    public record Pacing(Stages stages, ProductPaces paces) {
    }

    /** What the runtime gives. */
    public record Tools(Clock clock, HaltPoints halts, Metrics metrics) {
    }

    /**
     * @param lists walks the ranges of lists, which no room does
     * @param pacing what comes after a walk, and what products' backends bear
     */
    public Walking(BroadcastStore store, BroadcastRooms rooms, Telling telling, ListWalks lists, Pacing pacing,
            Self self, Tools tools) {
        this.store = store;
        this.rooms = rooms;
        this.telling = telling;
        this.lists = lists;
        this.stages = pacing.stages;
        this.paces = pacing.paces;
        this.self = self;
        this.tools = tools;
        this.absent = new AbsentRooms(tools.clock());
    }

    /** A round a second from now on, until it is closed. Once. */
    public Walking start() {
        rounds = tools.clock().every(ROUND, this::begin);
        return this;
    }

    /** A round at once, or right after the one that is under way. Any thread. */
    public void hurry() {
        again.set(true);
        begin();
    }

    /** Leases no more; what it has leaves its lease to the others. */
    @Override
    public void close() {
        closed = true;
        if (rounds != null) {
            rounds.cancel();
        }
    }

    private void begin() {
        if (closed || self.cutOff.getAsBoolean() || !round.compareAndSet(false, true)) {
            return;
        }
        again.set(false);
        CompletableFuture<?> done;
        try {
            done = lease();
        } catch (RuntimeException bug) {
            done = CompletableFuture.failedFuture(bug);
        }
        done.whenComplete((nothing, failure) -> {
            if (failure != null) {
                tools.metrics().counter(CenterMetric.WALK_ROUNDS_FAILED).increment();
                LOG.debug("a round of walks failed", failure);
            }
            round.set(false);
            if (again.get()) {
                begin();
            }
        });
    }

    private CompletableFuture<?> lease() {
        List<LiveRoom> live = rooms.rooms();
        absent.see(live);
        return store.leaseWalks(LeaseWalksRequest.newBuilder().setCenter(self.instance.get())
                .setLeaseMs((int) LEASE.toMillis()).setLimit(MOST)
                .addAllRooms(live.stream().map(LiveRoom::incarnation).toList())
                .addAllInstances(live.stream().map(LiveRoom::instance).toList()).build())
                .whenComplete((leased, failure) -> {
                    if (leased != null) {
                        lists.leased(leased.getWalksList());
                    }
                })
                .thenCompose(leased -> {
                    telling.again(leased.getChangedList(), live);
                    return paces.know(apps(leased)).thenCompose(known -> walk(leased, live))
                            .thenCompose(reported -> stages.after(leased, live));
                });
    }

    private static Set<Integer> apps(LeaseWalksReply leased) {
        var apps = new HashSet<Integer>();
        leased.getWalksList().forEach(walk -> apps.add(walk.getBroadcast().getAppId()));
        return apps;
    }

    private CompletableFuture<?> walk(LeaseWalksReply leased, List<LiveRoom> live) {
        if (leased.getWalksCount() == 0) {
            return CompletableFuture.completedFuture(null);
        }
        var orders = new ArrayList<CompletableFuture<Walk>>(leased.getWalksCount());
        for (Walk walk : leased.getWalksList()) {
            orders.add(ListWalks.isOf(walk)
                    ? CompletableFuture.completedFuture(lists.order(walk))
                    : order(walk, live));
        }
        return CompletableFuture.allOf(orders.toArray(CompletableFuture[]::new)).thenCompose(answered -> {
            tools.halts().pass("center.walk-ordered");
            var report = ReportWalksRequest.newBuilder().setCenter(self.instance.get())
                    .setLeaseMs((int) LEASE.toMillis());
            orders.forEach(order -> report.addWalks(order.join()));
            return store.reportWalks(report.build());
        }).thenAccept(kept -> {
            tools.halts().pass("center.walk-reported");
            tellChanged(leased, kept, live);
        });
    }

    // What changed since the order: rooms hear it now, also if the center that changed it died before it told them.
    private void tellChanged(LeaseWalksReply leased, LeaseWalksReply kept, List<LiveRoom> live) {
        for (int i = 0; i < kept.getWalksCount(); i++) {
            Broadcast now = kept.getWalks(i).getBroadcast();
            Walk before = leased.getWalks(i);
            if (ListWalks.isOf(before)) {
                tellLists(before, now);
            } else if (now.getVersion() > before.getBroadcast().getVersion()) {
                telling.again(List.of(now), live);
            }
        }
    }

    private void tellLists(Walk before, Broadcast now) {
        if (now.getBroadcastId() == 0) {
            lists.fenced(before);
        } else {
            lists.tell(now);
        }
    }

    /** The walk as the room says it is; as it was when the room does not answer. Never fails. */
    private CompletableFuture<Walk> order(Walk walk, List<LiveRoom> live) {
        int room = walk.getRoomIncarnation();
        Walk known = walk.toBuilder().clearBroadcast().build();
        var order = PaceShares.order(walk.getBroadcast(), live, room, walk.getTotal(),
                paces.of(walk.getBroadcast())).setEpoch(walk.getEpoch()).build();
        return rooms.walk(room, order).handle((status, failure) -> {
            String outcome = failure != null ? "no_answer" : status.getCode().name().toLowerCase(Locale.ROOT);
            tools.metrics().counter(CenterMetric.WALKS_ORDERED, "outcome", outcome).increment();
            if (status == null) {
                return absent.isGone(room) ? known.toBuilder().setGone(true).build() : known;
            }
            return walked(known, status);
        });
    }

    private static Walk walked(Walk known, WalkStatus status) {
        return switch (status.getCode()) {
            case OK -> known.toBuilder().setFinished(status.getFinished()).setVisited(status.getVisited())
                    .setTotal(status.getTotal()).setWritten(status.getWritten()).setSeen(status.getSeen())
                    .setNotInAudience(status.getNotInAudience()).setBehind(status.getBehind())
                    .putAllFailed(status.getFailedMap()).setDroppedAfter(status.getDroppedAfter())
                    .setAcked(status.getAcked()).build();
            case NOT_HERE -> known.toBuilder().setGone(true).build();
            case FENCED, LOADING, UNRECOGNIZED -> known;
        };
    }
}
