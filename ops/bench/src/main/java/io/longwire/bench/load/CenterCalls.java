package io.longwire.bench.load;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.rpc.center.ApiKey;
import io.longwire.rpc.center.App;
import io.longwire.rpc.center.AppSettings;
import io.longwire.rpc.center.BroadcastName;
import io.longwire.rpc.center.BroadcastPace;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.ControlBroadcastRequest;
import io.longwire.rpc.center.CreateAppRequest;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.center.CreateKeyRequest;
import io.longwire.rpc.center.GetAppRequest;
import io.longwire.rpc.center.GetTimelineRequest;
import io.longwire.rpc.center.MessageTimeline;
import io.longwire.rpc.center.RevokeKeyRequest;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.Target;
import io.longwire.rpc.center.UpdateAppRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Single calls to center over one HTTP/2 connection, with one key. Thread-safe; each blocks for at most 10 s. */
public final class CenterCalls implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final int DEADLINE_SECONDS = 10;
    private static final int ATTEMPTS = 10;
    private static final int QUOTA = 1_000_000;

    private final ManagedChannel channel;
    private final CenterGrpc.CenterBlockingStub stub;

    /**
     * @param address host:port of center's API
     * @param key an app's API key, or the operator's
     */
    public CenterCalls(String address, String key) {
        this.channel = NettyChannelBuilder.forTarget(address).usePlaintext().directExecutor().build();
        this.stub = CenterGrpc.newBlockingStub(channel).withInterceptors(bearer(key));
    }

    /** The keys of an app of the bench: its app key for phones and a new API key. */
    public record BenchApp(int appId, String appKey, String apiKey) {
    }

    static io.grpc.ClientInterceptor bearer(String key) {
        var headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + key);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    /**
     * As the operator: makes the app of this name, or finds it, with a quota that is never in the way. Keys of earlier
     * runs end, as an app has two at most.
     */
    public BenchApp app(String name) {
        // A platform that has just started may need longer than a call may take.
        for (int attempt = 1;; attempt++) {
            try {
                App app = timed().createApp(CreateAppRequest.newBuilder().setName(name).setSendsPerSecond(QUOTA)
                        .setIdempotencyKey("bench-" + name).build());
                for (ApiKey old : timed().listKeys(GetAppRequest.newBuilder().setAppId(app.getAppId()).build())
                        .getKeysList()) {
                    if (!old.getRevoked()) {
                        timed().revokeKey(RevokeKeyRequest.newBuilder().setAppId(app.getAppId())
                                .setKeyId(old.getKeyId()).build());
                    }
                }
                ApiKey key = timed().createKey(CreateKeyRequest.newBuilder().setAppId(app.getAppId()).setLabel("bench")
                        .build());
                return new BenchApp(app.getAppId(), app.getAppKey(), key.getKey());
            } catch (StatusRuntimeException busy) {
                if (attempt == ATTEMPTS) {
                    throw busy;
                }
            }
        }
    }

    /** As the operator: whether receipts are kept. Savers know it within seconds. */
    public void receipts(int appId, boolean kept) {
        timed().updateApp(UpdateAppRequest.newBuilder().setAppId(appId)
                .setSettings(AppSettings.newBuilder().setReceipts(kept)).build());
    }

    /** One message to one or to up to 1000. */
    public SendReply send(List<BenchEndpoint> to, byte[] payload) {
        var target = Target.newBuilder();
        if (to.size() == 1) {
            target.setEndpoint(to.getFirst().text());
        } else {
            to.forEach(endpoint -> target.addEndpoints(endpoint.text()));
        }
        return timed().send(SendRequest.newBuilder().setTo(target).setTtl("1h").setPayload(ByteString.copyFrom(payload))
                .build());
    }

    /** One to all endpoints of the app, at most one a second, so that it goes on for as long as it lives; its id. */
    public String slowBroadcast(byte[] payload) {
        return timed().createBroadcast(CreateBroadcastRequest.newBuilder().setPayload(ByteString.copyFrom(payload))
                .setTtl("1h").setPace(BroadcastPace.newBuilder().setRatePerSecond(1)).build()).getBroadcastId();
    }

    public void pauseBroadcast(String id) {
        timed().pauseBroadcast(ControlBroadcastRequest.newBuilder().setBroadcastId(id).setReason("bench").build());
    }

    /** Its state by name: "running", "walked" ... */
    public String broadcastState(String id) {
        return timed().getBroadcast(BroadcastName.newBuilder().setBroadcastId(id).build()).getState();
    }

    public void cancelBroadcast(String id) {
        timed().cancelBroadcast(ControlBroadcastRequest.newBuilder().setBroadcastId(id).setReason("bench").build());
    }

    public MessageTimeline timeline(String messageId, String endpoint) {
        return timed().getTimeline(GetTimelineRequest.newBuilder().setMessageId(messageId).setEndpoint(endpoint)
                .build());
    }

    private CenterGrpc.CenterBlockingStub timed() {
        return stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
