package io.longwire.coordinator.channel;

import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.channel.ChannelStore.How;
import io.longwire.coordinator.client.Partitions;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Rendezvous;
import io.longwire.keeper.metrics.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * One channel as this coordinator has it: who takes, and which of its 64 partitions (lanes) are given out here.
 *
 * <p>Sharing: the coordinators that have takers say so in Redis; each partition is for the one that rendezvous hashing
 * names among them, and it takes the lease. Who is not named any more gives nothing more out, waits until what is in
 * flight has come back, {@link Taker#leaves} at most, and gives the lease back. Who died loses it when it runs out. The
 * scripts that give out ask for the lease's epoch, so two that both think it is theirs do no harm.
 *
 * <p>Order: while events of a lane are in flight at a stream, the next ones of it go to that stream alone. Another one
 * gets the lane when it has finished them, or their time is over. When the store did not answer what it gave out,
 * nothing more is before that is back: what is in flight is waited for, and the lease taken anew.
 *
 * <p>Waking: a lane that found nothing is looked at again when the script that keeps uplinks says so, when the next
 * event that waits is due, and once a second in case either was missed.
 *
 * <p>Owned by the loop. About 6 KB a channel.
 */
final class Channel {
    private static final int MOST = 200;
    private static final Duration RETRY = Duration.ofMillis(500);

    private final ChannelName name;
    private final Tools tools;
    private final String me;
    private final ChannelStore store;
    private final Lane[] lanes = new Lane[Partitions.COUNT];
    private final List<Taker> takers = new ArrayList<>();
    private final long salt;
    private List<String> interested = List.of();
    private boolean rounding;
    private boolean roundAgain;
    private boolean left;
    private int turn;

    /**
     * What channels work with.
     *
     * @param self the name of this instance, another after each start
     * @param lease how long a partition stays with an instance that is silent
     * @param deleted told on the loop when a channel turns out to be there no more
     */
    record Tools(ChannelStore store, String self, Duration lease, Loop loop, Clock clock, Metrics metrics,
            Consumer<ChannelName> deleted) {
    }

    Channel(ChannelName name, Tools tools) {
        this.name = name;
        this.tools = tools;
        this.me = tools.self;
        this.store = tools.store;
        this.salt = Rendezvous.seed(name.text());
        for (int p = 0; p < lanes.length; p++) {
            lanes[p] = new Lane(p);
        }
    }

    ChannelName name() {
        return name;
    }

    void add(Taker taker) {
        assert tools.loop.here();
        takers.add(taker);
        if (takers.size() == 1) {
            round();
        }
        pumpAll();
    }

    void remove(Taker taker) {
        assert tools.loop.here();
        takers.remove(taker);
        for (Lane lane : lanes) {
            if (taker.equals(lane.holder)) {
                lane.holder = null;
                lane.inFlight = 0;
                settleLeave(lane);
            }
        }
        pumpAll();
    }

    boolean idle() {
        return takers.isEmpty();
    }

    List<Taker> takers() {
        return List.copyOf(takers);
    }

    int leases() {
        int held = 0;
        for (Lane lane : lanes) {
            held += lane.epoch != 0 ? 1 : 0;
        }
        return held;
    }

    /** Events of a lane are no longer in flight at a stream. */
    void landed(int partition, Taker taker, int events) {
        Lane lane = lanes[partition];
        if (taker.equals(lane.holder) && lane.inFlight > 0) {
            lane.inFlight = Math.max(0, lane.inFlight - events);
            if (lane.inFlight == 0) {
                lane.holder = null;
                settleLeave(lane);
            }
        }
        pumpAll();
    }

    /** A taker takes more than before. */
    void refresh() {
        pumpAll();
    }

    /** There may be something to be given in this partition, now or after a while. */
    void wake(int partition, long afterMillis) {
        Lane lane = lanes[partition];
        if (afterMillis > 0) {
            look(lane, afterMillis);
        } else {
            lane.hasMore = true;
            pump(lane, 1);
        }
    }

    /** Once a second: whatever was missed. */
    void tick() {
        for (Lane lane : lanes) {
            lane.hasMore = true;
        }
        pumpAll();
    }

    /** Says that it has takers, hears who else has, and takes and gives back leases by that. */
    void round() {
        if (left) {
            return;
        }
        if (rounding) {
            roundAgain = true;
            return;
        }
        rounding = true;
        store.interest(name, me, tools.lease).whenCompleteAsync((who, failure) -> {
            rounding = false;
            if (left) {
                return;
            }
            if (failure == null) {
                interested = who;
                share();
            }
            if (roundAgain) {
                roundAgain = false;
                round();
            }
        }, tools.loop);
    }

    /**
     * Gives everything back; completes when Redis has heard it, or could not. Where events are being asked for, they
     * are given back before their partition is: whoever has it next would begin behind them.
     */
    CompletableFuture<?> leave() {
        left = true;
        var all = new ArrayList<CompletableFuture<?>>();
        all.add(store.interest(name, me, Duration.ZERO).handle((who, failure) -> me));
        for (Lane lane : lanes) {
            if (lane.epoch != 0) {
                all.add(lane.asking
                        ? lane.given.handle((done, failure) -> me).thenCompose(done -> giveBack(lane))
                        : giveBack(lane));
            }
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<?> giveBack(Lane lane) {
        if (lane.unsure) { // whoever has it next would begin behind what was given out
            store.leaseAnew(lane.partition, name, me, tools.lease);
        }
        lane.lost();
        return store.lease(lane.partition, name, me, Duration.ZERO).handle((done, failure) -> me);
    }

    private void share() {
        long now = tools.clock.nanos();
        for (Lane lane : lanes) {
            if (mine(lane.partition)) {
                lane.leaving = false;
                lease(lane);
            } else if (lane.epoch != 0) {
                if (!lane.leaving) {
                    lane.leaving = true;
                    lane.leavingSince = now;
                }
                settleLeave(lane);
            }
        }
    }

    private boolean mine(int partition) {
        String best = "";
        long bestScore = 0;
        for (String one : interested) {
            long score = Rendezvous.score(one, salt + partition);
            if (best.isEmpty() || Long.compareUnsigned(score, bestScore) > 0) {
                best = one;
                bestScore = score;
            }
        }
        return best.equals(me);
    }

    private void lease(Lane lane) {
        if (lane.leasing) {
            return;
        }
        lane.leasing = true;
        boolean anew = lane.unsure && lane.inFlight == 0;
        CompletableFuture<Long> lease = anew
                ? store.leaseAnew(lane.partition, name, me, tools.lease)
                : store.lease(lane.partition, name, me, tools.lease);
        lease.whenCompleteAsync((epoch, failure) -> {
            lane.leasing = false;
            if (failure != null || left) {
                return; // while Redis is away nothing is given out, and when it is back the epoch tells
            }
            if (epoch < 0) {
                tools.deleted.accept(name);
            } else if (epoch == 0) {
                lane.lost();
            } else if (epoch != lane.epoch) {
                lane.epoch = epoch;
                lane.unsure &= !anew;
                lane.hasMore = true;
                pump(lane, 1);
            }
        }, tools.loop);
    }

    private void settleLeave(Lane lane) {
        if (!lane.leaving || lane.epoch == 0 || lane.asking) {
            return;
        }
        Taker holder = lane.holder;
        if (holder != null && lane.inFlight > 0
                && tools.clock.nanos() - lane.leavingSince < holder.leaves().toNanos()) {
            return;
        }
        giveBack(lane);
    }

    private void pumpAll() {
        int hungry = 0;
        for (Lane lane : lanes) {
            hungry += lane.hungry() ? 1 : 0;
        }
        if (hungry == 0 || takers.isEmpty()) {
            return;
        }
        int first = turn++;
        for (int i = 0; i < lanes.length; i++) {
            pump(lanes[Math.floorMod(first + i, lanes.length)], hungry);
        }
    }

    // Asks for as many as the taker's share among so many lanes allows.
    private void pump(Lane lane, int sharers) {
        if (left || !lane.hungry()) {
            return;
        }
        if (lane.unsure) {
            if (lane.inFlight == 0) {
                lease(lane);
            }
            return;
        }
        Taker taker = takerOf(lane);
        if (taker == null) {
            return;
        }
        int count = Math.min(taker.share(lane.partition, sharers), MOST);
        if (count == 0) {
            return;
        }
        taker.promise(count);
        lane.asking = true;
        lane.hasMore = false;
        lane.given = store.give(lane.partition, name, lane.epoch, count, taker)
                .whenCompleteAsync((page, failure) -> given(lane, taker, count, page, failure), tools.loop);
    }

    private @Nullable Taker takerOf(Lane lane) {
        Taker holder = lane.holder;
        if (holder != null) {
            return holder.credit() > 0 ? holder : null;
        }
        Taker best = null;
        for (int i = 0; i < takers.size(); i++) {
            Taker one = takers.get(Math.floorMod(turn + i, takers.size()));
            if (one.credit() > 0 && (best == null || one.credit() > best.credit())) {
                best = one;
            }
        }
        return best;
    }

    private void given(Lane lane, Taker taker, int promised, @Nullable Page page, @Nullable Throwable failure) {
        lane.asking = false;
        taker.promise(-promised);
        if (page == null || failure != null) {
            lane.unsure = true;
            look(lane, RETRY.toMillis());
            pumpAll();
            return;
        }
        count(page);
        for (Given event : page.events()) {
            deliver(lane, taker, event);
        }
        switch (page.verdict()) {
            case MORE -> lane.hasMore = true;
            case LEASE_LOST -> {
                lane.lost();
                tools.metrics.counter(CoordinatorMetric.LEASES_LOST).increment();
                round();
            }
            case NOTHING, PAUSED -> {
                if (page.nextMillis() >= 0) {
                    look(lane, page.nextMillis() + 1);
                }
            }
        }
        settleLeave(lane);
        pumpAll();
    }

    private void deliver(Lane lane, Taker taker, Given event) {
        if (taker.gone()) {
            store.settle(name, event.id(), How.REQ, 0, event.attempt());
            lane.hasMore = true;
            return;
        }
        if (!taker.poll()) {
            lane.holder = taker;
            lane.inFlight++;
        }
        taker.take(event);
        tools.metrics.counter(CoordinatorMetric.GIVEN, "attempt", event.attempt() == 1 ? "first" : "again")
                .increment();
    }

    private void count(Page page) {
        tools.metrics.counter(CoordinatorMetric.DIED).add(page.died());
        tools.metrics.counter(CoordinatorMetric.LOST_IN_CHANNEL).add(page.lost());
        tools.metrics.counter(CoordinatorMetric.DEAD_PUSHED_OUT, "bound", "count").add(page.pushedOut());
        tools.metrics.counter(CoordinatorMetric.DEAD_PUSHED_OUT, "bound", "bytes").add(page.squeezedOut());
    }

    // One look is planned for a lane at most, the earliest.
    private void look(Lane lane, long afterMillis) {
        long at = tools.clock.nanos() + Duration.ofMillis(afterMillis).toNanos();
        if (lane.lookAt != 0 && lane.lookAt - at <= 0) {
            return;
        }
        lane.lookAt = at;
        tools.clock.schedule(Duration.ofMillis(afterMillis), () -> tools.loop.execute(() -> {
            if (lane.lookAt == at) {
                lane.lookAt = 0;
                wake(lane.partition, 0);
            }
        }));
    }
}
