package io.longwire.center.client.call;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call and its tries, one after the other. Each step is run by whoever brought the one before. */
final class RetriedCall<Q, A> {
    private final Calls calls;
    private final MethodDescriptor<Q, A> method;
    private final Q request;
    private final Repeat repeat;
    private final long deadlineNanos;
    private final long perTryNanos;
    private final Answer<A> answer = new Answer<>();
    private volatile @Nullable ClientCall<Q, A> current;
    private int tries;

    RetriedCall(Calls calls, MethodDescriptor<Q, A> method, Q request, Repeat repeat, long deadlineNanos,
            long perTryNanos) {
        this.calls = calls;
        this.method = method;
        this.request = request;
        this.repeat = repeat;
        this.deadlineNanos = deadlineNanos;
        this.perTryNanos = perTryNanos;
        answer.whenComplete((value, failure) -> givenUp());
    }

    Answer<A> answer() {
        return answer;
    }

    void run() {
        if (answer.isDone()) {
            return;
        }
        if (calls.closed()) {
            answer.completeExceptionally(BackendException.noAnswer("closed", "the client was closed", null));
            return;
        }
        tries++;
        long left = Math.max(1, Math.min(deadlineNanos - calls.nanos(), perTryNanos));
        ClientCall<Q, A> call = calls.channel().newCall(method, CallOptions.DEFAULT.withCallCredentials(calls.key())
                .withDeadlineAfter(left, TimeUnit.NANOSECONDS));
        current = call;
        ClientCalls.asyncUnaryCall(call, request, new OneTry());
    }

    private void failed(Throwable failure) {
        BackendException told = Failures.of(failure);
        if (answer.isDone() || !calls.again(told, repeat, tries, deadlineNanos, this::run)) {
            answer.completeExceptionally(told);
        }
    }

    private void givenUp() {
        ClientCall<Q, A> call = current;
        if (answer.isCancelled() && call != null) {
            call.cancel("given up by the caller", null);
        }
    }

    private final class OneTry implements StreamObserver<A> {
        private @Nullable A value;

        @Override
        public void onNext(A got) {
            value = got;
        }

        @Override
        public void onError(Throwable failure) {
            failed(failure);
        }

        @Override
        public void onCompleted() {
            A got = value;
            if (got == null) {
                failed(Status.INTERNAL.withDescription("an answer without a message").asRuntimeException());
            } else {
                answer.complete(got);
            }
        }
    }
}
