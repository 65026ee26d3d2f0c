package io.longwire.coordinator.presence;

import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.client.CoordinatorClient;
import io.longwire.coordinator.client.Partitions;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.metrics.Metrics;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Once a second, for each partition that is this coordinator's: looks which rooms that told something there are no
 * longer among the members, and closes those that have been away for the grace time. The time is counted here, so a
 * coordinator that takes a partition over gives them the whole of it again. Two that both think a partition is theirs
 * do no harm. While it is fenced it closes nothing. The same look tells a resync to those apps of which something had
 * no room, once there is some: in a partition where nothing happens any more nobody else would. Thread-safe.
 */
public final class RoomWatch implements AutoCloseable {
    private static final Duration ROUND = Duration.ofSeconds(1);
    /** An incarnation's number is not used again for 24 h; by then its mark must be gone. */
    private static final long FORGET_MILLIS = Duration.ofHours(12).toMillis();

    private final PresenceStore store;
    private final Cluster cluster;
    private final Supplier<Duration> grace;
    private final Clock clock;
    private final Metrics metrics;
    private final ConcurrentMap<Integer, Long> awaySince = new ConcurrentHashMap<>();
    private final AtomicIntegerArray busy = new AtomicIntegerArray(Partitions.COUNT);
    private final Clock.Cancellable rounds;

    /** @param grace how long a room may be away, asked at each look */
    public RoomWatch(PresenceStore store, Cluster cluster, Supplier<Duration> grace, Clock clock, Metrics metrics) {
        this.store = store;
        this.cluster = cluster;
        this.grace = grace;
        this.clock = clock;
        this.metrics = metrics;
        cluster.members("room"); // the first look at a part waits for it: here, not on the clock's thread
        this.rounds = clock.every(ROUND, this::round);
    }

    private void round() {
        if (cluster.fenced()) {
            awaySince.clear();
            return;
        }
        var live = new HashSet<Integer>();
        cluster.members("room").list().forEach(member -> live.add(member.index()));
        awaySince.keySet().removeAll(live);
        var coordinators = cluster.members(CoordinatorClient.PART);
        for (int p = 0; p < Partitions.COUNT; p++) {
            boolean mine = coordinators.ownerOf(p).map(Member::instance)
                    .filter(cluster.self().instance()::equals).isPresent();
            if (mine && busy.compareAndSet(p, 0, 1)) {
                int partition = p;
                look(partition, live).whenComplete((done, failure) -> {
                    busy.set(partition, 0);
                    if (failure != null) {
                        metrics.counter(CoordinatorMetric.ROOM_LOOKS_FAILED).increment();
                    }
                });
            }
        }
    }

    private CompletableFuture<Void> look(int partition, Set<Integer> live) {
        return store.standing(partition).thenCompose(now -> CompletableFuture.allOf(Stream.concat(
                now.rooms().stream().map(mark -> judge(partition, mark, live)),
                now.losses().stream().map(loss -> store.resync(partition, loss))).toArray(CompletableFuture[]::new)));
    }

    private CompletableFuture<Void> judge(int partition, PresenceStore.RoomMark mark, Set<Integer> live) {
        if (mark.closed()) {
            return clock.wallMillis() - mark.closedMillis() > FORGET_MILLIS
                    ? store.forget(partition, mark.via())
                    : CompletableFuture.completedFuture(null);
        }
        long now = clock.nanos();
        if (live.contains(mark.via())
                || now - awaySince.computeIfAbsent(mark.via(), away -> now) < grace.get().toNanos()) {
            return CompletableFuture.completedFuture(null);
        }
        return store.close(partition, mark.via()).thenAccept(closed -> {
            if (closed) {
                metrics.counter(CoordinatorMetric.ROOMS_CLOSED).increment();
            }
        });
    }

    @Override
    public void close() {
        rounds.cancel();
    }
}
