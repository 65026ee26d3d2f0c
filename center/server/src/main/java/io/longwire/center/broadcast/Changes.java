package io.longwire.center.broadcast;

import io.longwire.center.CenterMetric;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.Broadcast;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what any center changed of a broadcast, and tells it on: a look every {@link #EVERY}, apart from the rounds of
 * {@link Walking}, which may wait for a room that hangs. So a pause, a pace or a cancel is in force at every center,
 * for the ranges of lists that it walks too, well within a second. A look is one indexed read of a saver; it goes back
 * {@link #WITHIN}, since a change is seen only some time after its moment, once it is committed. What is older comes
 * with the leases of walks. One look at a time; never blocks.
 */
public final class Changes implements AutoCloseable {
    static final Duration EVERY = Duration.ofMillis(400);
    static final Duration WITHIN = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    private final BroadcastStore store;
    private final BroadcastRooms rooms;
    private final Telling telling;
    private final Clock clock;
    private final Metrics metrics;
    private final AtomicBoolean looking = new AtomicBoolean();
    private Clock.@Nullable Cancellable looks;

    public Changes(BroadcastStore store, BroadcastRooms rooms, Telling telling, Clock clock, Metrics metrics) {
        this.store = store;
        this.rooms = rooms;
        this.telling = telling;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Looks from now on, until it is closed. Once. */
    public Changes start() {
        looks = clock.every(EVERY, this::look);
        return this;
    }

    @Override
    public void close() {
        if (looks != null) {
            looks.cancel();
        }
    }

    private void look() {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<List<Broadcast>> changed;
        try {
            changed = store.changes((int) WITHIN.toMillis());
        } catch (RuntimeException bug) {
            changed = CompletableFuture.failedFuture(bug);
        }
        changed.thenAccept(changes -> telling.again(changes, rooms.rooms())).whenComplete((told, failure) -> {
            if (failure != null) {
                metrics.counter(CenterMetric.CHANGE_LOOKS_FAILED).increment();
                LOG.debug("a look for changes of broadcasts failed", failure);
            }
            looking.set(false);
        });
    }
}
