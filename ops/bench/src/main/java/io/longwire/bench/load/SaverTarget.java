package io.longwire.bench.load;

import com.google.protobuf.ByteString;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.message.Stamp;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.DeliveryClass;
import io.longwire.saver.client.SaverClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** DURABLE appends straight to a saver, batched as center batches them. */
public final class SaverTarget implements Target {
    private static final long LIFE_MILLIS = 3_600_000;

    private final SaverClient saver;
    private final List<BenchEndpoint> endpoints;
    private final int payloadBytes;
    private final Service service;
    private final AtomicInteger counter = new AtomicInteger();
    private final ConcurrentLinkedQueue<AppendItem> taken = new ConcurrentLinkedQueue<>();
    private boolean keep;

    public SaverTarget(Service service, List<BenchEndpoint> endpoints, int payloadBytes) {
        this.saver = new SaverClient(service.rpc(), service.cluster());
        this.endpoints = endpoints;
        this.payloadBytes = payloadBytes;
        this.service = service;
    }

    /** From now on remembers what was taken. */
    public SaverTarget keeping() {
        keep = true;
        return this;
    }

    /** What was taken, without the envelopes. */
    public List<AppendItem> taken() {
        return List.copyOf(taken);
    }

    @Override
    public CompletableFuture<String[]> send(int[] to, int run, long firstNumber, long nanos) {
        BenchEndpoint endpoint = endpoints.get(to[0]);
        long now = service.clock().wallMillis();
        int next = counter.getAndIncrement();
        // 4,096 ids a millisecond and lease; the bench takes as many leases as it needs, nobody else mints here.
        long id = MessageId.of(now, next >>> 12 & MessageId.LEASE_MAX, next & MessageId.COUNTER_MAX);
        Push push = Push.newBuilder().setEndpointId(endpoint.id()).setMessageId(id).setAppId(endpoint.appId())
                .setPayload(ByteString.copyFrom(Stamp.payload(payloadBytes, run, firstNumber, nanos)))
                .setExpireAtMs(now + LIFE_MILLIS).setAcceptedMs(now).build();
        AppendItem item = AppendItem.newBuilder().setEndpointId(endpoint.id()).setMessageId(id)
                .setAppId(endpoint.appId()).setDeliveryClass(DeliveryClass.DURABLE)
                .setExpireAtMs(now + LIFE_MILLIS).setEnvelope(push.toByteString()).build();
        return saver.append(item).thenApply(result -> {
            if (keep && result.getCode() == AppendResult.Code.ACCEPTED) {
                taken.add(item.toBuilder().clearEnvelope().build());
            }
            return new String[]{switch (result.getCode()) {
                case ACCEPTED -> result.getCold() ? "cold" : ACCEPTED;
                default -> result.getCode().name();
            }};
        });
    }

    @Override
    public void close() {
        saver.close();
    }
}
