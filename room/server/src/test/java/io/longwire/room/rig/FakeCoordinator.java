package io.longwire.room.rig;

import io.longwire.room.uplink.UplinkSink;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.coordinator.UplinkResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Keeps what rooms send, in memory. */
public final class FakeCoordinator implements UplinkSink {
    public final List<UplinkItem> items = new ArrayList<>();
    /** What every uplink is answered with; null = no coordinator can be asked. */
    public @Nullable UplinkResult answer = UplinkResult.getDefaultInstance();
    /** Keep answers until {@link #release}. */
    public boolean hold;
    private final List<Runnable> held = new ArrayList<>();

    @Override
    public synchronized CompletableFuture<UplinkResult> send(UplinkItem item) {
        items.add(item);
        var future = new CompletableFuture<UplinkResult>();
        UplinkResult now = answer;
        Runnable give = () -> {
            if (now == null) {
                future.completeExceptionally(new IllegalStateException("unreachable"));
            } else {
                future.complete(now);
            }
        };
        if (hold) {
            held.add(give);
        } else {
            give.run();
        }
        return future;
    }

    /** Gives the answers that were held, as of when they were asked for. */
    public synchronized void release() {
        List<Runnable> all = List.copyOf(held);
        held.clear();
        all.forEach(Runnable::run);
    }
}
