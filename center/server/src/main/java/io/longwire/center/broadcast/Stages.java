package io.longwire.center.broadcast;

import io.longwire.center.CenterMetric;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.room.client.LiveRoom;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.Canary;
import io.longwire.rpc.saver.LeaseWalksReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What comes after the last walk of a stage: the canary is judged at every look, holds, and makes way for everybody;
 * the last stage is WALKED. Every center looks, and changes by compare-and-set on the version, so it happens once. A
 * stage that is not {@link #SETTLED} old is left alone, and one of which some room that this center sees has no walk:
 * by then every center sees the rooms that lived when it began. The hold of a canary begins when its last room has
 * walked. Thread-safe, never blocks.
 */
public final class Stages {
    /** How old a stage is before its end is believed. */
    static final Duration SETTLED = Duration.ofSeconds(3);
    /** What the reason begins with when a condition has stopped a canary. */
    static final String STOPPED = "canary: ";
    private static final int LEAST_SAMPLE = 20; // fewer answers say nothing of a share
    private static final int LEAST_CALLBACKS = 5; // once a breaker opens there are few

    private final BroadcastStore store;
    private final Clock clock;
    private final Metrics metrics;
    private final ProductPaces paces;
    private final Consumer<Broadcast> tell;

    /**
     * @param paces how products' backends bear a canary
     * @param tell every room of the broadcast as it is now
     */
    public Stages(BroadcastStore store, ProductPaces paces, Clock clock, Metrics metrics, Consumer<Broadcast> tell) {
        this.store = store;
        this.paces = paces;
        this.clock = clock;
        this.metrics = metrics;
        this.tell = tell;
    }

    /** Looks after the stages that a lease tells of; never fails. */
    CompletableFuture<?> after(LeaseWalksReply leased, List<LiveRoom> live) {
        Set<Long> walked = new HashSet<>(leased.getWalkedList());
        Set<Long> judged = new HashSet<>(walked);
        leased.getWalksList().stream().map(walk -> walk.getBroadcast())
                .filter(one -> one.getState() == Broadcast.State.RUNNING && one.getStage() == 0)
                .forEach(one -> judged.add(one.getBroadcastId()));
        var looks = new ArrayList<CompletableFuture<?>>();
        for (long id : judged) {
            looks.add(store.progress(BroadcastRequest.newBuilder().setBroadcastId(id).build())
                    .thenCompose(progress -> look(progress, walked.contains(id) && isComplete(progress, live)))
                    .exceptionally(failure -> null)); // looked at again in a second
        }
        return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new));
    }

    // The walks of a list's ranges are made together, and no room has a part in them.
    private static boolean isComplete(BroadcastProgress progress, List<LiveRoom> live) {
        return progress.getBroadcast().getListId() != 0
                || (!live.isEmpty() && progress.getRooms() >= live.size());
    }

    private CompletableFuture<?> look(BroadcastProgress progress, boolean walked) {
        Broadcast broadcast = progress.getBroadcast();
        long age = clock.wallMillis() - broadcast.getStageMs();
        if (broadcast.getState() != Broadcast.State.RUNNING) {
            return CompletableFuture.completedFuture(null);
        }
        if (broadcast.getStage() == 0 && !broadcast.getCanary().getOverruled()) {
            String stop = stop(broadcast.getCanary(), progress);
            if (stop.isEmpty()) {
                stop = callbackErrors(broadcast, age);
            }
            if (!stop.isEmpty()) {
                return change(broadcast, BroadcastChange.newBuilder().setState(Broadcast.State.PAUSED)
                        .setReason(stop), "stopped");
            }
        }
        if (!walked || age < SETTLED.toMillis()) {
            return CompletableFuture.completedFuture(null);
        }
        if (broadcast.getStage() != 0) {
            return change(broadcast, BroadcastChange.newBuilder().setState(Broadcast.State.WALKED), "walked");
        }
        long held = clock.wallMillis() - Math.max(progress.getFinishedMs(), broadcast.getStageMs());
        return broadcast.getCanary().getWait() || held < 1000L * broadcast.getCanary().getHoldS()
                ? CompletableFuture.completedFuture(null)
                : change(broadcast, BroadcastChange.newBuilder().setStage(1), "advanced");
    }

    /** Why the canary must not go on; empty = nothing speaks against it. */
    private static String stop(Canary canary, BroadcastProgress progress) {
        long failed = progress.getFailedMap().values().stream().mapToLong(Long::longValue).sum();
        long answered = progress.getAcked() + failed;
        if (canary.getMaxFailedPercent() > 0 && answered >= LEAST_SAMPLE
                && 100.0 * failed / answered > canary.getMaxFailedPercent()) {
            return share("failed", failed, answered, canary.getMaxFailedPercent());
        }
        long written = progress.getWritten();
        return canary.getMaxDroppedPercent() > 0 && written >= LEAST_SAMPLE
                && 100.0 * progress.getDroppedAfter() / written > canary.getMaxDroppedPercent()
                        ? share("dropped", progress.getDroppedAfter(), written, canary.getMaxDroppedPercent())
                        : "";
    }

    // Of all callbacks of the app since the canary began: a backend cannot tell whose event a new message caused.
    private String callbackErrors(Broadcast broadcast, long ageMillis) {
        double most = broadcast.getCanary().getMaxCallbackErrorPercent();
        if (most <= 0) {
            return "";
        }
        ProductPaces.Errors errors = paces.errors(broadcast.getAppId(), Duration.ofMillis(Math.max(0, ageMillis)));
        return errors.requests() >= LEAST_CALLBACKS && 100.0 * errors.failed() / errors.requests() > most
                ? share("callback errors", errors.failed(), errors.requests(), most)
                : "";
    }

    private static String share(String what, long part, long whole, double most) {
        return STOPPED + String.format(Locale.ROOT, "%s %d of %d, %.2f %% (expected: at most %.2f %%)", what, part,
                whole, 100.0 * part / whole, most);
    }

    private CompletableFuture<?> change(Broadcast broadcast, BroadcastChange.Builder change, String outcome) {
        return store.change(change.setAppId(broadcast.getAppId()).setBroadcastId(broadcast.getBroadcastId())
                .setIfVersion(broadcast.getVersion()).build()).thenAccept(now -> {
                    if (now.getVersion() == broadcast.getVersion() + 1) {
                        metrics.counter(CenterMetric.BROADCAST_STAGES, "outcome", outcome).increment();
                        tell.accept(now);
                    }
                });
    }
}
