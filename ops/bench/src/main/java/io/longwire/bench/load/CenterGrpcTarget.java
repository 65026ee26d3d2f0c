package io.longwire.bench.load;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.message.Stamp;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.SendBatchReply;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendOutcome;
import io.longwire.rpc.center.SendRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** SendBatch calls to center over one HTTP/2 connection, as a product backend makes them. DURABLE messages. */
public final class CenterGrpcTarget implements Target {
    private static final int DEADLINE_SECONDS = 10;
    private static final int PATIENT_TRIES = 10;
    private static final long AGAIN_MILLIS = 1_000; // after a call without an answer

    private final ManagedChannel channel;
    private final CenterGrpc.CenterStub stub;
    private final List<BenchEndpoint> endpoints;
    private final int payloadBytes;
    private final int tries;
    private final LongAdder sentAgain = new LongAdder();

    /**
     * Each message is sent once.
     *
     * @param address host:port of center's API
     * @param key the app's API key
     */
    public CenterGrpcTarget(String address, String key, List<BenchEndpoint> endpoints, int payloadBytes) {
        this(address, key, endpoints, payloadBytes, 1);
    }

    private CenterGrpcTarget(String address, String key, List<BenchEndpoint> endpoints, int payloadBytes, int tries) {
        this.channel = NettyChannelBuilder.forTarget(address).usePlaintext().directExecutor().build();
        this.stub = CenterGrpc.newStub(channel).withInterceptors(CenterCalls.bearer(key));
        this.endpoints = endpoints;
        this.payloadBytes = payloadBytes;
        this.tries = tries;
    }

    /**
     * One that does what docs/errors.md asks of a backend: what was refused for now is sent again after the time told,
     * under the same idempotency key, ten times at most in all.
     */
    public static CenterGrpcTarget patient(String address, String key, List<BenchEndpoint> endpoints,
            int payloadBytes) {
        return new CenterGrpcTarget(address, key, endpoints, payloadBytes, PATIENT_TRIES);
    }

    /** Messages that were sent again, each as often as it was. */
    public long sentAgain() {
        return sentAgain.sum();
    }

    @Override
    public CompletableFuture<String[]> send(int[] to, int run, long firstNumber, long nanos) {
        var messages = new ArrayList<SendRequest>(to.length);
        for (int i = 0; i < to.length; i++) {
            var target = io.longwire.rpc.center.Target.newBuilder().setEndpoint(endpoints.get(to[i]).text());
            var message = SendRequest.newBuilder().setTo(target).setTtl("1h")
                    .setPayload(ByteString.copyFrom(Stamp.payload(payloadBytes, run, firstNumber + i, nanos)));
            if (tries > 1) {
                message.setIdempotencyKey(run + "-" + (firstNumber + i));
            }
            messages.add(message.build());
        }
        var call = new Call(messages, new String[to.length], new CompletableFuture<>());
        attempt(call, IntStream.range(0, to.length).toArray(), tries - 1);
        return call.promise;
    }

    private record Call(List<SendRequest> messages, String[] outcomes, CompletableFuture<String[]> promise) {
    }

    private void attempt(Call call, int[] places, int triesLeft) {
        var batch = SendBatchRequest.newBuilder();
        for (int place : places) {
            batch.addMessages(call.messages.get(place));
        }
        var answer = new CompletableFuture<SendBatchReply>();
        stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS).sendBatch(batch.build(), new Answer(answer));
        answer.whenComplete((reply, failure) -> {
            if (failure == null) {
                answered(call, places, reply, triesLeft);
            } else if (triesLeft > 0) {
                again(call, places, AGAIN_MILLIS, triesLeft);
            } else {
                call.promise.completeExceptionally(failure);
            }
        });
    }

    private void answered(Call call, int[] places, SendBatchReply reply, int triesLeft) {
        long wait = 0;
        var refused = IntStream.builder();
        for (int i = 0; i < places.length; i++) {
            SendOutcome outcome = reply.getResults(i);
            call.outcomes[places[i]] = outcome(outcome);
            if (triesLeft > 0 && outcome.getProblem().getRetryAfterMs() > 0) {
                refused.add(places[i]);
                wait = Math.max(wait, outcome.getProblem().getRetryAfterMs());
            }
        }
        if (wait == 0) {
            call.promise.complete(call.outcomes);
        } else {
            again(call, refused.build().toArray(), wait, triesLeft);
        }
    }

    // A duplicate is what an earlier try was, whose answer did not come.
    private static String outcome(SendOutcome outcome) {
        if (!outcome.hasReply()) {
            return outcome.getProblem().getCode();
        }
        return outcome.getReply().getDuplicate() ? ACCEPTED : outcome.getReply().getStatus();
    }

    private void again(Call call, int[] places, long waitMillis, int triesLeft) {
        sentAgain.add(places.length);
        CompletableFuture.delayedExecutor(waitMillis, TimeUnit.MILLISECONDS, Thread::startVirtualThread)
                .execute(() -> attempt(call, places, triesLeft - 1));
    }

    private record Answer(CompletableFuture<SendBatchReply> promise) implements StreamObserver<SendBatchReply> {
        @Override
        public void onNext(SendBatchReply reply) {
            promise.complete(reply);
        }

        @Override
        public void onError(Throwable failure) {
            promise.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            promise.completeExceptionally(new IllegalStateException("center: no answer (expected: one)"));
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
