package io.longwire.register.client;

import io.longwire.rpc.register.SessionResult;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One slot on its way to one owner, whole: FLUSH_BEGIN, a PUT for each session, FLUSH_END.
 *
 * <p>FLUSH_END is sent only after every PUT has been answered, because the owner erases what it did not see: a PUT
 * that was rejected by a full queue must not become an erased session. If the stream broke in between, the owner has
 * not seen the FLUSH_BEGIN on the new one and refuses the end. Sessions put or removed meanwhile by their loops go
 * the ordinary way on the same stream. The one order that could leave a stale entry behind - a loop removes a
 * session after the visit took it but before its PUT was queued - is found by the slot's count of removals, and
 * flushes the slot once more.
 *
 * <p>Visited on any thread, answered on rpc threads; the outcome goes to its owner once.
 */
final class SlotFlush implements SlotSessions.Visitor {
    private final SessionOwner owner;
    final int slot;
    final long startedMillis;
    final int removalsBefore;
    final boolean refetch;
    // The visit counts as one until it is done.
    private final AtomicInteger outstanding = new AtomicInteger(1);
    private final AtomicBoolean visited = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean failed;

    SlotFlush(SessionOwner owner, int slot, long startedMillis, int removalsBefore, boolean refetch) {
        this.owner = owner;
        this.slot = slot;
        this.startedMillis = startedMillis;
        this.removalsBefore = removalsBefore;
        this.refetch = refetch;
    }

    void begin() {
        owner.send(Changes.flushBegin(slot)).whenComplete((result, failure) -> {
            if (!Changes.flushed(result)) {
                failed = true;
            }
        });
    }

    @Override
    public void session(long endpointId, long connSeq, long handle) {
        if (failed || over.get()) {
            return;
        }
        outstanding.incrementAndGet();
        owner.sendFlushed(endpointId, connSeq, handle).whenComplete((result, failure) -> {
            if (!owner.flushAnswered(endpointId, connSeq, result)) {
                failed = true;
            }
            release();
        });
    }

    @Override
    public void done() {
        if (visited.compareAndSet(false, true)) {
            release();
        }
    }

    /** The visit could not be made, or took too long. Late calls do nothing. */
    void abandon() {
        failed = true;
        conclude(false);
    }

    private void release() {
        if (outstanding.decrementAndGet() > 0) {
            return;
        }
        if (failed || over.get()) {
            conclude(false);
            return;
        }
        owner.send(Changes.flushEnd(slot)).whenComplete((SessionResult result, Throwable failure) -> conclude(
                Changes.flushed(result)));
    }

    private void conclude(boolean flushed) {
        if (over.compareAndSet(false, true)) {
            owner.concluded(this, flushed);
        }
    }
}
