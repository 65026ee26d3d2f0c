package io.longwire.keeper.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.log.FoldedLog;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * One served stream. Batches come on the gRPC thread; answers complete anywhere and leave in order: whoever completes
 * one sends all that are ready, one thread at a time (a count of requests to send, as in reactive streams, keeps the
 * others out). A batch is read only when an answered one has made room and the client takes its replies.
 */
final class BatchStreamObserver<Q, A> implements StreamObserver<Q> {
    private static final FoldedLog FAILED = new FoldedLog(LoggerFactory.getLogger(BatchServer.class), Clock.system());
    private static final int RING = BatchServer.MAX_IN_FLIGHT;

    private final @Nullable ServerCallStreamObserver<A> flow;
    private final StreamObserver<A> replies;
    private final Function<Q, CompletableFuture<A>> handler;
    private final AtomicReferenceArray<@Nullable CompletableFuture<A>> ring = new AtomicReferenceArray<>(RING);
    private final AtomicInteger wanted = new AtomicInteger();
    private final Runnable send = this::send;
    /** Batches taken; written by the gRPC thread alone. */
    private volatile long taken;
    private volatile boolean halfClosed;
    private volatile boolean cancelled;

    // Owned by whoever sends.
    private long answered;
    private int owed;
    private boolean ended;

    BatchStreamObserver(StreamObserver<A> replies, Function<Q, CompletableFuture<A>> handler) {
        this.replies = replies;
        this.handler = handler;
        this.flow = replies instanceof ServerCallStreamObserver<A> server ? server : null;
        if (flow != null) {
            flow.disableAutoRequest();
            flow.setOnCancelHandler(() -> cancelled = true);
            flow.setOnReadyHandler(send);
            flow.request(RING);
        }
    }

    @Override
    public void onNext(Q batch) {
        CompletableFuture<A> answer;
        try {
            answer = handler.apply(batch);
        } catch (RuntimeException bug) {
            answer = CompletableFuture.failedFuture(bug);
        }
        long mine = taken;
        ring.set((int) (mine % RING), answer);
        taken = mine + 1;
        if (answer.isDone()) {
            send();
        } else {
            answer.whenComplete((reply, failure) -> send());
        }
    }

    @Override
    public void onError(Throwable broken) {
        cancelled = true;
    }

    @Override
    public void onCompleted() {
        halfClosed = true;
        send();
    }

    private void send() {
        if (wanted.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            while (!ended && answered < taken && next().isDone()) {
                reply(next());
            }
            if (!ended && halfClosed && answered == taken) {
                ended = true;
                if (!cancelled) {
                    replies.onCompleted();
                }
            }
            if (flow != null && owed > 0 && !ended && flow.isReady()) {
                int room = owed;
                owed = 0;
                flow.request(room);
            }
            seen = wanted.addAndGet(-seen);
        } while (seen != 0);
    }

    private CompletableFuture<A> next() {
        return Objects.requireNonNull(ring.get((int) (answered % RING)));
    }

    private void reply(CompletableFuture<A> answer) {
        ring.set((int) (answered % RING), null);
        answered++;
        owed++;
        if (cancelled) {
            return;
        }
        try {
            if (answer.isCompletedExceptionally()) {
                ended = true;
                FAILED.error("a batch failed and ended its stream", answer.exceptionNow());
                replies.onError(Status.INTERNAL.withDescription("the batch failed").asRuntimeException());
            } else {
                replies.onNext(answer.resultNow());
            }
        } catch (RuntimeException gone) { // the call has ended meanwhile; its client knows
            ended = true;
            FAILED.warn("a reply could not be sent", gone);
        }
    }
}
