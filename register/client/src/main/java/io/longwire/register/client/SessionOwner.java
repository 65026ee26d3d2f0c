package io.longwire.register.client;

import io.longwire.keeper.rpc.BatchCall;
import io.longwire.rpc.register.SessionChange;
import io.longwire.rpc.register.SessionResult;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * One register as one incarnation of this room writes it: the ordered stream, the slots it has to be sent whole, and
 * the puts it owes an answer for. Thread-safe; {@link #pump} and what it starts belong to the writer's thread.
 */
final class SessionOwner {
    /** Flushed sessions on the way to one owner: bounds how long an ordinary put waits behind them. */
    private static final int MAX_UNANSWERED = 2_000;
    private static final int MAX_FLUSHES = 256;
    private static final int MAX_OWED = 65_536;
    private static final long VISIT_MILLIS = 10_000;
    private static final long FULL_PAUSE_MILLIS = 10_000;

    final String instance;
    private final SessionWriter writer;
    private final BatchCall<SessionChange, SessionResult> stream;
    /** To be flushed from the next second on. */
    private final SlotBits dirty = new SlotBits();
    /** To be flushed now. */
    private final SlotBits due = new SlotBits();
    /** Slots whose every session is to be fetched again after the flush. */
    private final SlotBits refetch = new SlotBits();
    private final Map<Integer, SlotFlush> flushes = new ConcurrentHashMap<>();
    private final Map<Long, PendingPut> owed = new ConcurrentHashMap<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean closed;
    private volatile long pausedUntilMillis;
    private int cursor;

    SessionOwner(String instance, SessionWriter writer, BatchCall<SessionChange, SessionResult> stream, long now) {
        this.instance = instance;
        this.writer = writer;
        this.stream = stream;
        this.pausedUntilMillis = now;
    }

    void put(PendingPut put, long handle) {
        owed.remove(put.endpointId); // of an older session
        send(Changes.put(put.endpointId, put.connSeq, handle)).whenComplete((result, failure) -> {
            PutResult answer = writer.answer(put.connSeq, result);
            if (answer != null) {
                put.acked(answer, false);
            } else {
                owe(put);
                put.failed();
            }
        });
    }

    void remove(long endpointId, long connSeq, PendingRemoval removal) {
        owed.computeIfPresent(endpointId, (id, put) -> put.connSeq <= connSeq ? null : put);
        send(Changes.remove(endpointId, connSeq)).whenComplete((result, failure) -> {
            if (!Changes.removed(result)) {
                writer.removesOwed.increment();
                dirty.set(SessionWriter.slotOf(endpointId));
            }
            removal.answered(result);
        });
    }

    CompletableFuture<SessionResult> send(SessionChange change) {
        return stream.call(change);
    }

    CompletableFuture<SessionResult> sendFlushed(long endpointId, long connSeq, long handle) {
        unanswered.incrementAndGet();
        writer.spend();
        return stream.call(Changes.put(endpointId, connSeq, handle));
    }

    /** A session of a flush was answered: also the late answer to an owed put. False if it has to be sent again. */
    boolean flushAnswered(long endpointId, long connSeq, @Nullable SessionResult result) {
        unanswered.decrementAndGet();
        PutResult answer = writer.answer(connSeq, result);
        if (answer == null) {
            if (Changes.full(result)) {
                pausedUntilMillis = writer.now() + FULL_PAUSE_MILLIS;
            }
            return false;
        }
        PendingPut put = owed.get(endpointId);
        boolean waited = put != null && put.connSeq <= connSeq && owed.remove(endpointId, put);
        if (put != null && waited && put.connSeq == connSeq) {
            put.acked(answer, true);
        } else if (!(answer instanceof PutResult.Stored)) {
            writer.conflict(endpointId, connSeq, answer);
        }
        return true;
    }

    /** The slot has to be sent whole, at once or from the next second on. */
    void dirty(int slot, boolean now, boolean fetchAgain) {
        if (fetchAgain) {
            refetch.set(slot);
        }
        (now ? due : dirty).set(slot);
    }

    /** Every second. */
    void secondPassed(long now) {
        dirty.moveTo(due);
        for (SlotFlush flush : flushes.values()) {
            if (now - flush.startedMillis > VISIT_MILLIS) {
                flush.abandon();
            }
        }
    }

    boolean hasWork() {
        return due.next(0) >= 0;
    }

    int dirtySlots() {
        return dirty.size() + due.size();
    }

    /** Starts flushes while the writer's pace and this owner's window allow. */
    void pump(SlotSessions sessions, long now) {
        if (closed || now - pausedUntilMillis < 0) {
            return;
        }
        boolean wrapped = false;
        while (writer.mayFlush() && unanswered.get() < MAX_UNANSWERED && flushes.size() < MAX_FLUSHES) {
            int slot = due.next(cursor);
            if (slot < 0) {
                if (wrapped) {
                    return;
                }
                wrapped = true;
                cursor = 0;
                continue;
            }
            cursor = slot + 1;
            if (!writer.owns(this, slot)) {
                due.take(slot);
            } else if (!flushes.containsKey(slot)) {
                start(slot, sessions, now);
            }
        }
    }

    private void start(int slot, SlotSessions sessions, long now) {
        int removals = writer.removals(slot);
        due.take(slot);
        dirty.take(slot);
        var flush = new SlotFlush(this, slot, now, removals, refetch.take(slot));
        flushes.put(slot, flush);
        writer.spend();
        flush.begin();
        try {
            sessions.forEach(slot, flush);
        } catch (RuntimeException bug) {
            writer.visitFailed(slot, bug);
            flush.abandon();
        }
    }

    void concluded(SlotFlush flush, boolean flushed) {
        flushes.remove(flush.slot, flush);
        if (!flushed) {
            writer.flushesFailed.increment();
            dirty(flush.slot, false, flush.refetch);
            if (flush.refetch) {
                writer.strayed(this, flush.slot);
            }
            return;
        }
        writer.flushesDone.increment();
        if (writer.removals(flush.slot) != flush.removalsBefore) {
            dirty.set(flush.slot);
        }
        if (flush.refetch) {
            writer.slotFlushed(flush.slot);
        }
    }

    private void owe(PendingPut put) {
        int slot = SessionWriter.slotOf(put.endpointId);
        writer.putsOwed.increment();
        if (owed.size() < MAX_OWED) {
            owed.merge(put.endpointId, put, (known, late) -> late.connSeq >= known.connSeq ? late : known);
        } else {
            writer.owedOverflows.increment();
            refetch.set(slot);
        }
        dirty.set(slot);
        writer.strayed(this, slot);
    }

    boolean isClosed() { return closed; }

    /** It has left the map: whoever owns its slots now is told of what it owed. */
    void close() {
        closed = true;
        stream.close();
        owed.keySet().forEach(endpointId -> writer.strayed(this, SessionWriter.slotOf(endpointId)));
        for (int slot = refetch.next(0); slot >= 0; slot = refetch.next(slot + 1)) {
            writer.strayed(this, slot);
        }
        owed.clear();
    }
}
