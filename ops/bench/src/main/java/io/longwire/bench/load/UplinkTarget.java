package io.longwire.bench.load;

import com.google.protobuf.ByteString;
import io.longwire.coordinator.client.CoordinatorClient;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.coordinator.UplinkResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Uplinks as rooms hand them to coordinators, each with the time when it was due in its first 8 bytes. What is not kept
 * is not sent again.
 */
public final class UplinkTarget implements Target {
    private final CoordinatorClient coordinators;
    private final int app;
    private final String type;
    private final int size;
    private final long[] endpoints;
    private final long[] seqs;
    private final long receivedMillis;

    /**
     * @param endpoints how many, at random over all partitions
     * @param size bytes of a body
     */
    public UplinkTarget(Service self, int app, String type, int endpoints, int size) {
        this.coordinators = new CoordinatorClient(self.rpc());
        this.app = app;
        this.type = type;
        this.size = Math.max(Long.BYTES, size);
        this.endpoints = new SplittableRandom(app).longs(endpoints).toArray();
        this.seqs = new long[endpoints];
        this.receivedMillis = self.clock().wallMillis();
        Arrays.fill(seqs, receivedMillis);
    }

    @Override
    public CompletableFuture<String[]> send(int[] to, int run, long firstNumber, long nanos) {
        var each = new ArrayList<CompletableFuture<String>>(to.length);
        for (int endpoint : to) {
            each.add(coordinators.send(item(endpoint, nanos)).thenApply(UplinkTarget::outcome));
        }
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).thenApply(
                done -> each.stream().map(CompletableFuture::join).toArray(String[]::new));
    }

    private UplinkItem item(int endpoint, long nanos) {
        return UplinkItem.newBuilder().setAppId(app).setEndpointId(endpoints[endpoint]).setSeq(++seqs[endpoint])
                .setType(type).setReceivedMs(receivedMillis)
                .setBody(ByteString.copyFrom(ByteBuffer.allocate(size).putLong(nanos).rewind())).build();
    }

    private static String outcome(UplinkResult result) {
        return result.getCode() == UplinkResult.Code.KEPT ? ACCEPTED : result.getCode().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        coordinators.close();
    }
}
