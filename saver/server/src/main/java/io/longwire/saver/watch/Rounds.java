package io.longwire.saver.watch;

import io.longwire.keeper.clock.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job that is done again and again, each round on a virtual thread of its own, never two rounds at once. A round
 * that fails is logged once until one succeeds again. The clock's thread only starts rounds.
 */
public final class Rounds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    private final String name;
    private final Round round;
    private final Runnable onFailure;
    private final Semaphore idle = new Semaphore(1);
    private final AtomicBoolean failing = new AtomicBoolean();
    private final Clock.Cancellable timer;
    private volatile boolean closed;

    /** One round; may block and throw. */
    public interface Round {
        void run() throws Exception;
    }

    public Rounds(String name, Clock clock, Duration period, Round round, Runnable onFailure) {
        this.name = name;
        this.round = round;
        this.onFailure = onFailure;
        this.timer = clock.every(period, () -> Thread.ofVirtual().name(name).start(this::runOnce));
    }

    /** Does a round on the caller's thread, unless one is being done. */
    public void runOnce() {
        if (closed || !idle.tryAcquire()) {
            return;
        }
        try {
            round.run();
            if (failing.compareAndSet(true, false)) {
                LOG.info("{}: works again", name);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (Exception failed) { // allowed: a loop's edge; the next round tries again
            onFailure.run();
            if (failing.compareAndSet(false, true)) {
                LOG.warn("{}: failed, tried again at its next time: {}", name, failed.toString(), failed);
            }
        } finally {
            idle.release();
        }
    }

    /** Starts no further round and waits for the one that runs. */
    @Override
    public void close() {
        closed = true;
        timer.cancel();
        idle.acquireUninterruptibly();
    }
}
