package io.longwire.keeper.rpc;

import java.util.function.Consumer;

/** A batch that was sent and not answered yet. Owned by the stream's loop. */
final class InFlight<I, R> {
    final long id;
    final Pending<I, R>[] items;
    /** When an answer is so late that the stream is given up. */
    final long hopeless;
    /** The earliest deadline of an item that still waits. */
    long earliest;
    /** True when all items have been failed already and only the answer is awaited. */
    boolean expired;

    InFlight(long id, Pending<I, R>[] items, long earliest, long hopeless) {
        this.id = id;
        this.items = items;
        this.earliest = earliest;
        this.hopeless = hopeless;
    }

    /** The next moment something is to be done about it. */
    long due() {
        return expired || hopeless - earliest < 0 ? hopeless : earliest;
    }

    void expire(long now, Consumer<Pending<I, R>> late) {
        boolean waiting = false;
        long next = hopeless;
        for (Pending<I, R> pending : items) {
            if (pending.isDone()) {
                continue;
            }
            if (pending.deadline - now <= 0) {
                late.accept(pending);
            } else {
                waiting = true;
                next = Math.min(next - now, pending.deadline - now) + now;
            }
        }
        earliest = next;
        expired = !waiting;
    }
}
