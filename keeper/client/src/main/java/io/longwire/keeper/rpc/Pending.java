package io.longwire.keeper.rpc;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/** One item on its way and the promise of its result: the only object an item costs here. */
final class Pending<I, R> extends CompletableFuture<R> {
    final I item;
    final int bytes;
    /** Monotonic nanoseconds; moved on once if the item is tried elsewhere. */
    volatile long deadline;
    /** True after the first try has failed. */
    volatile boolean again;
    /** The stream that tries it now: one that had it before and breaks says nothing of it any more. */
    volatile @Nullable Object with;

    Pending(I item, int bytes, long deadline) {
        this.item = item;
        this.bytes = Math.max(0, bytes);
        this.deadline = deadline;
    }
}
