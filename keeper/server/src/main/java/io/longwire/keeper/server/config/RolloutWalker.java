package io.longwire.keeper.server.config;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the rollouts of all parts twice a second while this keeper leads; what it does there is {@link Walk}. */
final class RolloutWalker implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(RolloutWalker.class);

    private final RolloutStore store;
    private final Walk walk;
    private final BooleanSupplier leading;
    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("keeper-rollouts").factory());
    private final Clock.Cancellable timer;
    private final AtomicBoolean looking = new AtomicBoolean();

    RolloutWalker(RolloutStore store, Fleet fleet, BooleanSupplier leading, Clock clock, Metrics.Counter rolledBack) {
        this.store = store;
        this.walk = new Walk(store, fleet, clock, rolledBack);
        this.leading = leading;
        this.timer = clock.every(EVERY, this::soon);
    }

    @Override
    public void close() {
        timer.cancel();
        thread.shutdownNow();
    }

    private void soon() {
        if (looking.compareAndSet(false, true)) {
            try {
                thread.execute(this::look);
            } catch (RejectedExecutionException closed) {
                LOG.debug("after the end", closed);
            }
        }
    }

    private void look() {
        try {
            boolean any = false;
            if (leading.getAsBoolean()) {
                for (String part : store.parts()) {
                    any |= look(part);
                }
            }
            if (!any) {
                walk.forget();
            }
        } catch (ConfigRefused away) {
            LOG.warn("rollouts wait: {}", away.getMessage());
        } finally {
            looking.set(false);
        }
    }

    // Whether one is under way there. What goes wrong with one part does not keep those of the others.
    private boolean look(String part) {
        try {
            return walk.look(part);
        } catch (ConfigRefused away) {
            LOG.warn("the rollout of {} waits: {}", part, away.getMessage());
        } catch (RuntimeException bug) {
            LOG.error("walking the rollout of {} failed, trying again", part, bug);
        }
        return true;
    }
}
