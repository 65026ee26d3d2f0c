package io.longwire.bench.load;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.message.Stamp;
import io.longwire.rpc.center.ApiKey;
import io.longwire.rpc.center.App;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.CreateAppRequest;
import io.longwire.rpc.center.CreateKeyRequest;
import io.longwire.rpc.center.SendBatchReply;
import io.longwire.rpc.center.SendBatchRequest;
import io.longwire.rpc.center.SendOutcome;
import io.longwire.rpc.center.SendRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** SendBatch calls to center over one HTTP/2 connection, as a product backend makes them. DURABLE messages. */
public final class CenterGrpcTarget implements Target {
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final int DEADLINE_SECONDS = 10;
    private static final int ATTEMPTS = 10;
    private static final int QUOTA = 1_000_000;

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
        this.stub = CenterGrpc.newStub(channel).withInterceptors(bearer(key));
        this.endpoints = endpoints;
        this.payloadBytes = payloadBytes;
    }

    /** The keys of an app of the bench: its app key for phones and a new API key. */
    public record BenchApp(int appId, String appKey, String apiKey) {
    }

    /** Makes the app of this name, or finds it, with a quota that is never in the way. */
    public static BenchApp app(String address, String adminKey, String name) {
        ManagedChannel channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
        try {
            return app(CenterGrpc.newBlockingStub(channel).withInterceptors(bearer(adminKey)), name);
        } finally {
            channel.shutdownNow();
        }
    }

    // A platform that has just started may need longer than a call may take.
    private static BenchApp app(CenterGrpc.CenterBlockingStub stub, String name) {
        for (int attempt = 1;; attempt++) {
            try {
                var timed = stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
                App app = timed.createApp(CreateAppRequest.newBuilder().setName(name).setSendsPerSecond(QUOTA)
                        .setIdempotencyKey("bench-" + name).build());
                ApiKey key = timed.createKey(CreateKeyRequest.newBuilder().setAppId(app.getAppId()).setLabel("bench")
                        .build());
                return new BenchApp(app.getAppId(), app.getAppKey(), key.getKey());
            } catch (StatusRuntimeException busy) {
                if (attempt == ATTEMPTS) {
                    throw busy;
                }
            }
        }
    }

    private static io.grpc.ClientInterceptor bearer(String key) {
        var headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + key);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
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
