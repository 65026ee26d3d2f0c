package io.longwire.keeper.rpc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** The batches of a stream that were sent and not answered yet, oldest first. Owned by the stream's loop. */
final class Flights<I, R> {
    private final ArrayDeque<InFlight<I, R>> batches = new ArrayDeque<>();
    private volatile int items;

    /** Items in flight; any thread may ask. */
    int items() {
        return items;
    }

    int size() {
        return batches.size();
    }

    boolean isEmpty() { return batches.isEmpty(); }

    @Nullable
    InFlight<I, R> oldest() {
        return batches.peekFirst();
    }

    void add(InFlight<I, R> batch) {
        batches.addLast(batch);
        count(batch.items.length);
    }

    void removeOldest() {
        count(-batches.removeFirst().items.length);
    }

    /** Empties it. */
    List<InFlight<I, R>> drain() {
        var all = new ArrayList<>(batches);
        batches.clear();
        items = 0;
        return all;
    }

    /** Nanoseconds until something is to be done about one of them, no more than the bound given. */
    long untilDue(long now, long bound) {
        long wait = bound;
        for (InFlight<I, R> batch : batches) {
            wait = Math.min(wait, batch.due() - now);
        }
        return wait;
    }

    /** Hands every item whose deadline has passed to the consumer, once. */
    void expire(long now, Consumer<Pending<I, R>> late) {
        for (InFlight<I, R> batch : batches) {
            if (!batch.expired && batch.earliest - now <= 0) {
                batch.expire(now, late);
            }
        }
    }

    private void count(int change) {
        int before = items;
        items = before + change;
    }
}
