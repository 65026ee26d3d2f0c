package io.longwire.room.lifecycle;

import io.longwire.device.Code;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.room.login.Admission;
import io.longwire.room.phone.RoomLoops;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Fenced: no login is taken, sockets stay. Still fenced after a minute: phones are asked to go elsewhere. Back:
 * everything as before; under a new incarnation the register writer puts all sessions again, and their fetches
 * follow, spread.
 */
public final class FenceWatch implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration FAREWELL = Duration.ofSeconds(60);

    private final Clock clock;
    private final Admission admission;
    private final RoomLoops loops;
    private final Cluster.Subscription subscription;
    private Clock.@Nullable Cancellable patience; // the cluster's thread

    public FenceWatch(Cluster cluster, Clock clock, Admission admission, RoomLoops loops) {
        this.clock = clock;
        this.admission = admission;
        this.loops = loops;
        admission.fenced(cluster.fenced());
        this.subscription = cluster.onFence(this::onFence);
    }

    private void onFence(boolean cutOff) {
        admission.fenced(cutOff);
        Clock.Cancellable running = patience;
        if (running != null) {
            running.cancel();
            patience = null;
        }
        if (cutOff) {
            patience = clock.schedule(PATIENCE, () -> loops.sayFarewell(Code.NOT_SERVING, FAREWELL));
        } else if (!admission.draining()) {
            loops.cancelFarewell();
        }
    }

    @Override
    public void close() {
        subscription.cancel();
    }
}
