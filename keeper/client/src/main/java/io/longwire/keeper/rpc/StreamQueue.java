package io.longwire.keeper.rpc;

import java.util.concurrent.atomic.AtomicLong;

import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.MpscChunkedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue in front of a stream: many producers, the stream's loop takes. Items and bytes are counted in one
 * long (items above bit 40), added before the item is offered and subtracted after it was taken, so that zero means
 * empty and an item that makes the count leave zero is sure to wake the loop.
 */
final class StreamQueue<I, R> {
    static final int MAX_QUEUED = 16_384;
    static final long MAX_QUEUED_BYTES = 16L << 20;
    static final int BATCH_ITEMS = 500;
    static final int BATCH_BYTES = 64 << 10;

    private static final long ONE = 1L << 40;
    private static final long BYTES = ONE - 1;

    private final MessagePassingQueue<Pending<I, R>> queue = new MpscChunkedArrayQueue<>(64, MAX_QUEUED);
    private final AtomicLong weight = new AtomicLong();

    /** What an offer did. */
    enum Offer {
        /** Full by items or bytes; nothing was queued. */
        FULL,
        /** Queued; the loop knows already that there is something. */
        QUEUED,
        /** Queued, and the loop is to be woken: it is the first one, or fills a batch. */
        WAKE
    }

    Offer offer(Pending<I, R> pending) {
        long added = ONE + pending.bytes;
        long before = weight.getAndAdd(added);
        if ((before & BYTES) >= MAX_QUEUED_BYTES || !queue.offer(pending)) {
            weight.getAndAdd(-added);
            return Offer.FULL;
        }
        return before == 0 || full(before) != full(before + added) ? Offer.WAKE : Offer.QUEUED;
    }

    /** The oldest, left in place; null if there is none or its producer is just about to offer it. Loop only. */
    @Nullable
    Pending<I, R> peek() {
        return queue.peek();
    }

    /** Takes the oldest, which {@link #peek} has shown. Loop only. */
    void take(Pending<I, R> shown) {
        queue.poll();
        weight.getAndAdd(-(ONE + shown.bytes));
    }

    int items() {
        return (int) (weight.get() >>> 40);
    }

    boolean isEmpty() { return weight.get() == 0; }

    /** True when there is enough for a whole batch. */
    boolean fillsBatch() {
        return full(weight.get());
    }

    private static boolean full(long weight) {
        return weight >>> 40 >= BATCH_ITEMS || (weight & BYTES) >= BATCH_BYTES;
    }
}
