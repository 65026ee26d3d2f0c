package io.longwire.keeper.server.config;

import io.grpc.stub.ServerCallStreamObserver;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.keeper.ConfigCode;
import io.longwire.rpc.keeper.Rollout;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells callers how a rollout goes: what it is, then each change, until it is over. Looks four times a second while
 * somebody watches; a slow caller misses steps between, never the end. One thread; at most 200 callers.
 */
final class RolloutWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(250);
    private static final int MOST = 200;

    private final ConfigStore store;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("keeper-watchers").factory());
    private final Clock.Cancellable timer;
    private final AtomicBoolean looking = new AtomicBoolean();

    /** One caller. */
    private static final class Watcher {
        private final String part;
        private final ServerCallStreamObserver<Rollout> to;
        private Rollout told = Rollout.getDefaultInstance(); // the thread's

        Watcher(String part, ServerCallStreamObserver<Rollout> to) {
            this.part = part;
            this.to = to;
        }
    }

    RolloutWatch(ConfigStore store, Clock clock) {
        this.store = store;
        this.timer = clock.every(EVERY, this::soon);
    }

    /** Throws BAD_REQUEST if too many watch, NO_ROLLOUT if there was never one. */
    void add(String part, ServerCallStreamObserver<Rollout> to) {
        if (!store.state(part).hasRollout()) {
            throw new ConfigRefused(ConfigCode.NO_ROLLOUT, "rollout: " + part + " has had none (expected: one to "
                    + "watch)");
        }
        if (watchers.size() >= MOST) {
            throw new ConfigRefused(ConfigCode.BAD_REQUEST, "watchers: " + MOST + " (expected: fewer)");
        }
        var watcher = new Watcher(part, to);
        to.setOnCancelHandler(() -> watchers.remove(watcher));
        watchers.add(watcher);
        soon();
    }

    @Override
    public void close() {
        timer.cancel();
        thread.shutdownNow();
    }

    private void soon() {
        if (!watchers.isEmpty() && looking.compareAndSet(false, true)) {
            try {
                thread.execute(this::look);
            } catch (RejectedExecutionException closed) {
                looking.set(false);
            }
        }
    }

    private void look() {
        try {
            Map<String, Rollout> now = new HashMap<>();
            for (Watcher watcher : watchers) {
                tell(watcher, now.computeIfAbsent(watcher.part, part -> store.state(part).getRollout()));
            }
        } catch (ConfigRefused away) {
            watchers.forEach(watcher -> end(watcher, away));
        } finally {
            looking.set(false);
        }
    }

    private void tell(Watcher watcher, Rollout now) {
        if (watcher.to.isCancelled()) {
            watchers.remove(watcher);
            return;
        }
        if (!watcher.to.isReady() || now.equals(watcher.told)) {
            return;
        }
        watcher.told = now;
        watcher.to.onNext(now);
        if (now.getState() == Rollout.State.DONE || now.getState() == Rollout.State.ROLLED_BACK) {
            watchers.remove(watcher);
            watcher.to.onCompleted();
        }
    }

    private void end(Watcher watcher, ConfigRefused why) {
        watchers.remove(watcher);
        if (!watcher.to.isCancelled()) {
            watcher.to.onError(why.status());
        }
    }
}
