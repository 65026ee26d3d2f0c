package io.longwire.room.end;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.session.Loop;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.FetchItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The acks, attempts and receipts of one loop until a saver has confirmed them. Gathered for one tick (50 ms), sent in
 * batches of at most 512, at most 8,192 under way. What is not confirmed goes again after 1, 2, 4 ... 30 s. At the
 * bound the oldest waiting one is dropped and counted: it costs one redelivery. Receipts have a bound of their own, an
 * eighth of that, beyond which new ones are refused, and leave only in what room the others leave: they
 * never cost an ack its place. About 120 bytes an item. Owner: the loop.
 */
public final class EndOutbox {
    private static final int BATCH = 512;
    private static final int IN_FLIGHT = 8192;
    private static final int LONGEST_PAUSE_SECONDS = 30;
    private static final int RECEIPT_SHARE = 8;

    private final Loop loop;
    private final EndSink sink;
    private final int bound;
    private final Counter dropped;
    private final Counter retried;
    private final ArrayDeque<EndItem> waiting = new ArrayDeque<>();
    private final ArrayDeque<EndItem> receipts = new ArrayDeque<>();
    private final AtomicInteger size = new AtomicInteger(); // written by the loop, read by gauges and drain
    private final UnconfirmedEnds unconfirmed = new UnconfirmedEnds();
    private int inFlight;
    private int receiptsInFlight;
    private int pauseSeconds;
    private int notBefore;

    /** @param bound items kept, those under way included */
    public EndOutbox(Loop loop, EndSink sink, int bound, Metrics metrics) {
        this.loop = loop;
        this.sink = sink;
        this.bound = bound;
        this.dropped = metrics.counter(RoomMetric.ENDS_DROPPED);
        this.retried = metrics.counter(RoomMetric.ENDS_RETRIED);
    }

    public void add(EndItem item) {
        EndItem oldest = waiting.size() + inFlight < bound ? null : waiting.poll();
        if (oldest != null) {
            unconfirmed.remove(oldest);
            dropped.increment();
        }
        waiting.add(item);
        unconfirmed.add(item);
        publish();
    }

    /** Takes a receipt; false = there is no place for it, and nothing happens. */
    public boolean addReceipt(EndItem item) {
        if (receipts.size() + receiptsInFlight >= Math.max(1, bound / RECEIPT_SHARE)) {
            return false;
        }
        receipts.add(item);
        publish();
        return true;
    }

    /** Whether the phone has acked the message, though its saver may not know: it must not be sent again. */
    public boolean hasEnded(long endpointId, long messageId) {
        return unconfirmed.has(endpointId, messageId);
    }

    /** Has a fetch pass over what the phone has acked. */
    public void skipEnded(FetchItem.Builder fetch) {
        unconfirmed.skip(fetch);
    }

    /** Sends what waits; called once a tick. */
    public void flush() {
        while (!(waiting.isEmpty() && receipts.isEmpty()) && inFlight + receiptsInFlight < IN_FLIGHT
                && loop.now() >= notBefore) {
            var batch = new ArrayList<EndItem>(Math.min(BATCH, waiting.size() + receipts.size()));
            move(waiting, batch);
            move(receipts, batch);
            send(batch);
        }
    }

    /** Items not confirmed yet. Any thread. */
    public int size() {
        return size.get();
    }

    private static void move(ArrayDeque<EndItem> from, List<EndItem> batch) {
        while (batch.size() < BATCH && !from.isEmpty()) {
            batch.add(from.remove());
        }
    }

    private void send(List<EndItem> batch) {
        var answers = new ArrayList<CompletableFuture<EndResult>>(batch.size());
        for (EndItem item : batch) {
            underWay(item, 1);
            answers.add(sink.end(item));
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .whenComplete((nothing, failed) -> loop.mailbox().answer(() -> onAnswers(batch, answers)));
    }

    private void onAnswers(List<EndItem> batch, List<CompletableFuture<EndResult>> answers) {
        boolean failed = false;
        for (int i = batch.size() - 1; i >= 0; i--) {
            EndItem item = batch.get(i);
            underWay(item, -1);
            if (confirmed(answers.get(i))) {
                unconfirmed.remove(item);
            } else {
                failed = true;
                retried.increment();
                (isReceipt(item) ? receipts : waiting).addFirst(item);
            }
        }
        if (failed) {
            pauseSeconds = Math.min(LONGEST_PAUSE_SECONDS, Math.max(1, 2 * pauseSeconds));
            notBefore = loop.now() + pauseSeconds * Loop.TICKS_PER_SECOND;
        } else {
            pauseSeconds = 0;
        }
        publish();
    }

    private void underWay(EndItem item, int change) {
        if (isReceipt(item)) {
            receiptsInFlight += change;
        } else {
            inFlight += change;
        }
    }

    private static boolean isReceipt(EndItem item) {
        return item.getKind() == EndItem.Kind.RECEIPT;
    }

    private static boolean confirmed(CompletableFuture<EndResult> answer) {
        return !answer.isCompletedExceptionally() && answer.join().getCode() != EndResult.Code.UNAVAILABLE;
    }

    private void publish() {
        size.set(waiting.size() + inFlight + receipts.size() + receiptsInFlight);
    }
}
