package io.longwire.keeper.server.console.operate;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one streaming call of a keeper, one asked for at a time; closing it ends the call. Read by one thread;
 * filled by gRPC's, which never waits.
 */
final class Answers<A> implements AutoCloseable {
    private final BlockingQueue<Next<A>> queue = new LinkedBlockingQueue<>(); // an answer and the end at most
    private @Nullable ClientCallStreamObserver<?> call; // before the call begins
    private boolean over;

    private record Next<A>(Optional<A> answer, Status end) {
    }

    /** What the call is to be begun with, once. */
    <Q> ClientResponseObserver<Q, A> observer() {
        return new ClientResponseObserver<>() {
            @Override
            public void beforeStart(ClientCallStreamObserver<Q> stream) {
                stream.disableAutoRequestWithInitial(1);
                call = stream;
            }

            @Override
            public void onNext(A answer) {
                queue.add(new Next<>(Optional.of(answer), Status.OK));
            }

            @Override
            public void onError(Throwable failed) {
                queue.add(new Next<>(Optional.empty(), Status.fromThrowable(failed)));
            }

            @Override
            public void onCompleted() {
                queue.add(new Next<>(Optional.empty(), Status.OK));
            }
        };
    }

    /**
     * The next one; empty if none came in time, or the call is {@link #over}. Throws StatusRuntimeException if it
     * failed.
     */
    Optional<A> next(Duration patience) throws InterruptedException {
        Next<A> next = over ? null : queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (next == null) {
            return Optional.empty();
        }
        ClientCallStreamObserver<?> begun = call;
        if (next.answer.isPresent() && begun != null) {
            begun.request(1);
            return next.answer;
        }
        over = true;
        if (!next.end.isOk()) {
            throw new StatusRuntimeException(next.end);
        }
        return Optional.empty();
    }

    /** Whether nothing more will come. */
    boolean over() {
        return over;
    }

    @Override
    public void close() {
        ClientCallStreamObserver<?> begun = call;
        if (begun != null) {
            begun.cancel("nobody reads its answers any more", null);
        }
    }
}
