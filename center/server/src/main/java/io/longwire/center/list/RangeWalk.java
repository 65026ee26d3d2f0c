package io.longwire.center.list;

import io.longwire.center.CenterMetric;
import io.longwire.center.list.RangeWork.Next;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.Walk;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One range of a list being walked under a lease. It works by itself, step after step, from one {@link #go} until
 * the broadcast is paused, the lease is not renewed for {@link #PATIENCE}, or the range is through; a step that fails,
 * or leaves endpoints over, is done again after 1, 2, 4 ... 30 s. In a pause it only does what its work must not leave
 * open. What an old lease still does can do no harm: every step may be repeated by anybody. Thread-safe: its work goes
 * on on the threads that bring answers, one step at a time.
 */
final class RangeWalk {
    /** Without another order for so long it does nothing more; savers lease for longer. */
    static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final Logger LOG = LoggerFactory.getLogger(RangeWalk.class);
    private static final Duration LEAST_WAIT = Duration.ofSeconds(1);
    private static final Duration MOST_WAIT = Duration.ofSeconds(30);

    private final Walk leased;
    private final Course course;
    private final RangeWork work;
    private final Clock clock;
    private final Metrics metrics;
    private long orderedNanos; // guarded by this, as what follows
    private boolean working;
    private boolean finished;
    private boolean dropped;
    private int waits;
    private long writtenAtWait;

    RangeWalk(Walk leased, Course course, RangeWork work, Clock clock, Metrics metrics) {
        this.leased = leased.toBuilder().clearBroadcast().build();
        this.course = course;
        this.work = work;
        this.clock = clock;
        this.metrics = metrics;
        this.orderedNanos = clock.nanos();
    }

    long broadcast() {
        return leased.getBroadcastId();
    }

    long epoch() {
        return leased.getEpoch();
    }

    /** It is leased still. */
    synchronized void renew() {
        orderedNanos = clock.nanos();
    }

    /** It was not leased this time: it does nothing more unless it is leased again. */
    synchronized void rest() {
        orderedNanos = Math.min(orderedNanos, clock.nanos() - PATIENCE.toNanos());
    }

    /** The lease is another's. */
    synchronized void drop() {
        dropped = true;
    }

    /** So long ago it was ordered last. */
    synchronized Duration idle() {
        return Duration.ofNanos(clock.nanos() - orderedNanos);
    }

    /** Endpoints that it has not been through. */
    synchronized long left() {
        return finished ? 0 : Math.max(0, leased.getTotal() - work.counts().visited());
    }

    /** How far it is, for the saver. */
    synchronized Walk status() {
        var counts = work.counts();
        return leased.toBuilder().setFinished(finished).setCursor(counts.cursor()).setWritten(counts.written())
                .setVisited(counts.visited()).clearFailed().putAllFailed(counts.failed())
                .setBehind(counts.behind()).build();
    }

    /** Begins to work, or goes on, unless it does already. */
    void go() {
        synchronized (this) {
            if (working || !isOpen()) {
                return;
            }
            working = true;
        }
        steps();
    }

    // Whether anything more may be sent.
    private synchronized boolean goesOn() {
        return isLeased() && course.goes();
    }

    // Whether there is another step.
    private synchronized boolean isOpen() {
        return isLeased() && (course.goes() || (course.rests() && work.unsettled()));
    }

    private synchronized boolean isLeased() {
        return !finished && !dropped && clock.nanos() - orderedNanos < PATIENCE.toNanos();
    }

    // Steps that are done at once follow each other in this loop, not deeper in the stack.
    private void steps() {
        while (true) {
            if (!isOpen()) {
                stop();
                return;
            }
            CompletableFuture<Next> step;
            try {
                step = work.next(this::goesOn);
            } catch (RuntimeException failed) {
                step = CompletableFuture.failedFuture(failed);
            }
            if (!step.isDone()) {
                step.whenComplete((next, failure) -> {
                    if (after(next, failure)) {
                        steps();
                    }
                });
                return;
            }
            var done = step.handle(this::after);
            if (!done.join()) {
                return;
            }
        }
    }

    private synchronized void stop() {
        working = false;
    }

    /** Whether the next step comes at once. */
    private boolean after(@Nullable Next next, @Nullable Throwable failure) {
        if (failure != null) {
            metrics.counter(CenterMetric.LIST_STEPS_FAILED).increment();
            LOG.debug("range {} of broadcast {}: a step failed", leased.getRoomIncarnation() - 1, broadcast(),
                    failure);
            again();
            return false;
        }
        if (next == Next.WAIT && isOpen()) {
            again();
            return false;
        }
        if (next == Next.DONE) {
            synchronized (this) {
                finished = true;
                working = false;
            }
            return false;
        }
        return true;
    }

    private void again() {
        Duration pause;
        synchronized (this) {
            long written = work.counts().visited();
            waits = written > writtenAtWait ? 0 : waits + 1;
            writtenAtWait = written;
            Duration longer = LEAST_WAIT.multipliedBy(1L << Math.min(waits, 5));
            pause = longer.compareTo(MOST_WAIT) > 0 ? MOST_WAIT : longer;
        }
        clock.schedule(pause, this::steps);
    }
}
