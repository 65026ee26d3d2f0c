package io.longwire.e2e.uplink;

import io.grpc.stub.StreamObserver;
import io.longwire.e2e.platform.Place;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.rpc.BatchServer;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.coordinator.UplinkBatch;
import io.longwire.rpc.coordinator.UplinkBatchReply;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.coordinator.UplinkResult;
import io.longwire.rpc.coordinator.UplinksGrpc;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator as rooms see one, a member of the cluster that keeps uplinks in memory, each (endpoint, seq) once. What
 * it keeps outlives {@link #stop}, as a real one's store does. Any thread.
 */
final class MemoryCoordinator implements AutoCloseable {
    /** How an uplink is known. */
    record Key(long endpointId, long seq) {
    }

    private final SharedPlatform platform;
    private final Map<Key, UplinkItem> kept = new ConcurrentHashMap<>();
    private final AtomicInteger doubles = new AtomicInteger();
    private @Nullable Service running;

    MemoryCoordinator(SharedPlatform platform) {
        this.platform = platform;
    }

    synchronized void start() {
        running = Service.start("coordinator", ConfigNode.of(Map.of("service", Map.of("zookeeper",
                platform.platform().stores().zookeeper().connectString(), "namespace", "longwire", "session", "6s",
                "drain", "0s", "dataDir", Place.fresh("memory-coordinator").toString(), "secrets",
                platform.data().resolve("secrets.yaml").toString()))), node -> "",
                (service, none) -> service.serve(new Endpoint()), HaltPoints.none());
    }

    synchronized void stop() {
        Service had = running;
        if (had != null) {
            had.close();
            running = null;
        }
    }

    int count() {
        return kept.size();
    }

    /** How often an uplink came that was kept already. */
    int doubles() {
        return doubles.get();
    }

    /** The bodies by seq; one endpoint's, in its order. */
    Map<Long, String> bodies() {
        var bodies = new TreeMap<Long, String>();
        kept.forEach((key, item) -> bodies.put(key.seq, item.getBody().toStringUtf8()));
        return bodies;
    }

    @Override
    public void close() {
        stop();
    }

    private UplinkResult keep(UplinkItem item) {
        UplinkItem had = kept.putIfAbsent(new Key(item.getEndpointId(), item.getSeq()), item);
        if (had != null) {
            doubles.incrementAndGet();
            if (!had.getBody().equals(item.getBody())) {
                return UplinkResult.newBuilder().setCode(UplinkResult.Code.REFUSED).setText("seq: of another body")
                        .build();
            }
        }
        return UplinkResult.getDefaultInstance();
    }

    private final class Endpoint extends UplinksGrpc.UplinksImplBase {
        @Override
        public StreamObserver<UplinkBatch> send(StreamObserver<UplinkBatchReply> replies) {
            return BatchServer.serve(replies, batch -> {
                var reply = UplinkBatchReply.newBuilder().setBatchId(batch.getBatchId());
                batch.getItemsList().forEach(item -> reply.addResults(keep(item)));
                return CompletableFuture.completedFuture(reply.build());
            });
        }
    }
}
