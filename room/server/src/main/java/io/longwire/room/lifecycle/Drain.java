package io.longwire.room.lifecycle;

import io.longwire.device.Code;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.room.accept.Gate;
import io.longwire.room.login.Admission;
import io.longwire.room.phone.RoomLoops;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a room without a phone noticing more than a reconnect: nobody chooses it any more, nobody is accepted, phones
 * are asked to leave, spread over the drain time, and acks reach their saver. Blocks its caller for the drain time at
 * most.
 */
public final class Drain implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Cluster cluster;
    private final Clock clock;
    private final Admission admission;
    private final Gate gate;
    private final RoomLoops loops;
    private final Runnable stopAccepting;
    private final Supplier<Duration> drainTime;

    /** @param drainTime how long the drain may take, asked when it begins */
    public Drain(Cluster cluster, Clock clock, Admission admission, Gate gate, RoomLoops loops,
            Runnable stopAccepting, Supplier<Duration> drainTime) {
        this.cluster = cluster;
        this.clock = clock;
        this.admission = admission;
        this.gate = gate;
        this.loops = loops;
        this.stopAccepting = stopAccepting;
        this.drainTime = drainTime;
    }

    @Override
    public void run() {
        Duration within = drainTime.get();
        admission.drain();
        cluster.drain();
        stopAccepting.run();
        loops.sayFarewell(Code.SHUTDOWN, within);
        var over = new CountDownLatch(1);
        Clock.Cancellable poll = clock.every(POLL, () -> {
            if (gate.connections() == 0 && loops.endsWaiting() == 0) {
                over.countDown();
            }
        });
        Clock.Cancellable deadline = clock.schedule(within, over::countDown);
        try {
            over.await();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } finally {
            poll.cancel();
            deadline.cancel();
        }
        LOG.info("drained: {} connections and {} unconfirmed acks are left", gate.connections(), loops.endsWaiting());
    }
}
