package io.longwire.center.fakes;

import io.longwire.center.broadcast.BackendFeedback;
import io.longwire.rpc.coordinator.AppFeedback;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Coordinators that say what a test has them say. Thread-safe. */
public final class FakeFeedback implements BackendFeedback {
    private final List<AppFeedback> says = new CopyOnWriteArrayList<>();
    private volatile boolean hangs;

    /** From now on, instead of what was said before. */
    public void says(AppFeedback... all) {
        says.clear();
        says.addAll(List.of(all));
    }

    /** Nobody answers any more. */
    public void hang() {
        hangs = true;
    }

    @Override
    public CompletableFuture<List<AppFeedback>> of(Collection<Integer> apps) {
        return hangs
                ? new CompletableFuture<>()
                : CompletableFuture.completedFuture(
                        says.stream().filter(one -> apps.contains(one.getAppId())).toList());
    }
}
