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
 * batches of at most 512, at most 8,192 under way. What is not confirmed goes again after 1, 2, 4 ... 30 s, in rounds
 * of at most half of those places, and holds nothing else up: one slot that cannot be written costs the acks of the
 * others no time. What fails meanwhile waits for the next round. At the bound the oldest one that is not under way is
 * dropped and counted: it costs one redelivery. Receipts have a bound of their own, an eighth of that, beyond which new
 * ones are refused, and leave only in what room the others leave: they never cost an ack its place. About 120 bytes an
 * item. Owner: the loop.
 */
public final class EndOutbox {
    private static final int BATCH = 512;
    private static final int IN_FLIGHT = 8192;
    private static final int BATCHES_AGAIN = IN_FLIGHT / BATCH / 2;
    private static final int LONGEST_PAUSE_SECONDS = 30;
    private static final int RECEIPT_SHARE = 8;

    private final Loop loop;
    private final EndSink sink;
    private final int bound;
    private final Counter dropped;
    private final Counter retried;
    private final Lane ends = new Lane();
    private final Lane receipts = new Lane();
    private final AtomicInteger size = new AtomicInteger(); // written by the loop, read by gauges and drain
    private final UnconfirmedEnds unconfirmed = new UnconfirmedEnds();
    private int batchesAgain; // of the round under way
    private boolean roundFailed; // some of it
    private int pauseSeconds; // 0 = all of the last round was confirmed
    private int notBefore; // for the next round

    /** What waits for its first try, for another, and for its answer. */
    private static final class Lane {
        private final ArrayDeque<EndItem> fresh = new ArrayDeque<>();
        private final ArrayDeque<EndItem> failed = new ArrayDeque<>();
        private int inFlight;

        int size() {
            return fresh.size() + failed.size() + inFlight;
        }

        ArrayDeque<EndItem> waiting(boolean again) {
            return again ? failed : fresh;
        }
    }

    /** @param bound items kept, those under way included */
    public EndOutbox(Loop loop, EndSink sink, int bound, Metrics metrics) {
        this.loop = loop;
        this.sink = sink;
        this.bound = bound;
        this.dropped = metrics.counter(RoomMetric.ENDS_DROPPED);
        this.retried = metrics.counter(RoomMetric.ENDS_RETRIED);
    }

    public void add(EndItem item) {
        if (ends.size() >= bound) {
            EndItem oldest = ends.failed.isEmpty() ? ends.fresh.poll() : ends.failed.poll();
            if (oldest != null) {
                unconfirmed.remove(oldest);
                dropped.increment();
            }
        }
        ends.fresh.add(item);
        unconfirmed.add(item);
        publish();
    }

    /** Takes a receipt; false = there is no place for it, and nothing happens. */
    public boolean addReceipt(EndItem item) {
        if (receipts.size() >= Math.max(1, bound / RECEIPT_SHARE)) {
            return false;
        }
        receipts.fresh.add(item);
        publish();
        return true;
    }

    /** Whether the phone has acked the message, though its saver may not know: it must not be sent again. */
    public boolean hasEnded(long endpointId, long messageId) {
        return unconfirmed.has(endpointId, messageId);
    }

    /** Whether the endpoint has acked anything of which its saver may not know yet. */
    public boolean hasUnconfirmed(long endpointId) {
        return unconfirmed.hasAny(endpointId);
    }

    /** Has a fetch pass over what the phone has acked. */
    public void skipEnded(FetchItem.Builder fetch) {
        unconfirmed.skip(fetch);
    }

    /** Sends what waits; called once a tick. */
    public void flush() {
        send(false);
        if (batchesAgain == 0 && loop.now() >= notBefore) {
            send(true);
        }
    }

    /** Items not confirmed yet. Any thread. */
    public int size() {
        return size.get();
    }

    private void send(boolean again) {
        ArrayDeque<EndItem> first = ends.waiting(again);
        ArrayDeque<EndItem> second = receipts.waiting(again);
        while (!(first.isEmpty() && second.isEmpty()) && ends.inFlight + receipts.inFlight < IN_FLIGHT
                && !(again && batchesAgain == BATCHES_AGAIN)) {
            var batch = new ArrayList<EndItem>(Math.min(BATCH, first.size() + second.size()));
            move(first, batch);
            move(second, batch);
            send(batch, again);
            batchesAgain += again ? 1 : 0;
        }
    }

    private static void move(ArrayDeque<EndItem> from, List<EndItem> batch) {
        while (batch.size() < BATCH && !from.isEmpty()) {
            batch.add(from.remove());
        }
    }

    private void send(List<EndItem> batch, boolean again) {
        var answers = new ArrayList<CompletableFuture<EndResult>>(batch.size());
        for (EndItem item : batch) {
            lane(item).inFlight++;
            answers.add(sink.end(item));
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .whenComplete((nothing, failed) -> loop.mailbox().answer(() -> onAnswers(batch, answers, again)));
    }

    private void onAnswers(List<EndItem> batch, List<CompletableFuture<EndResult>> answers, boolean again) {
        boolean failed = false;
        for (int i = 0; i < batch.size(); i++) {
            EndItem item = batch.get(i);
            lane(item).inFlight--;
            if (confirmed(answers.get(i))) {
                unconfirmed.remove(item);
            } else {
                failed = true;
                retried.increment();
                lane(item).failed.add(item);
            }
        }
        if (again) {
            onAnswersOfRound(failed);
        } else if (failed && pauseSeconds == 0) {
            pause(1);
        }
        publish();
    }

    // New ends that fail say nothing of those that failed before: only a round moves the pause.
    private void onAnswersOfRound(boolean failed) {
        roundFailed |= failed;
        if (--batchesAgain == 0) {
            pause(roundFailed ? Math.clamp(2L * pauseSeconds, 1, LONGEST_PAUSE_SECONDS) : 0);
            roundFailed = false;
        }
    }

    private void pause(int seconds) {
        pauseSeconds = seconds;
        notBefore = loop.now() + seconds * Loop.TICKS_PER_SECOND;
    }

    private Lane lane(EndItem item) {
        return item.getKind() == EndItem.Kind.RECEIPT ? receipts : ends;
    }

    private static boolean confirmed(CompletableFuture<EndResult> answer) {
        return !answer.isCompletedExceptionally() && answer.join().getCode() != EndResult.Code.UNAVAILABLE;
    }

    private void publish() {
        size.set(ends.size() + receipts.size());
    }
}
