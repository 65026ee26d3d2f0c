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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** SendBatch calls to center over one HTTP/2 connection, as a product backend makes them. DURABLE messages. */
public final class CenterGrpcTarget implements Target {
    private static final int DEADLINE_SECONDS = 10;

    private final ManagedChannel channel;
    private final CenterGrpc.CenterStub stub;
    private final List<BenchEndpoint> endpoints;
    private final int payloadBytes;

    /**
     * @param address host:port of center's API
     * @param key the app's API key
     */
    public CenterGrpcTarget(String address, String key, List<BenchEndpoint> endpoints, int payloadBytes) {
        this.channel = NettyChannelBuilder.forTarget(address).usePlaintext().directExecutor().build();
        this.stub = CenterGrpc.newStub(channel).withInterceptors(CenterCalls.bearer(key));
        this.endpoints = endpoints;
        this.payloadBytes = payloadBytes;
    }

    @Override
    public CompletableFuture<String[]> send(int[] to, int run, long firstNumber, long nanos) {
        var batch = SendBatchRequest.newBuilder();
        for (int i = 0; i < to.length; i++) {
            var target = io.longwire.rpc.center.Target.newBuilder().setEndpoint(endpoints.get(to[i]).text());
            batch.addMessages(SendRequest.newBuilder().setTo(target).setTtl("1h")
                    .setPayload(ByteString.copyFrom(Stamp.payload(payloadBytes, run, firstNumber + i, nanos))));
        }
        var promise = new CompletableFuture<String[]>();
        stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS).sendBatch(batch.build(), new Answer(promise));
        return promise;
    }

    private record Answer(CompletableFuture<String[]> promise) implements StreamObserver<SendBatchReply> {
        @Override
        public void onNext(SendBatchReply reply) {
            promise.complete(reply.getResultsList().stream().map(CenterGrpcTarget::outcome).toArray(String[]::new));
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

    private static String outcome(SendOutcome outcome) {
        return outcome.hasReply() ? outcome.getReply().getStatus() : outcome.getProblem().getCode();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
