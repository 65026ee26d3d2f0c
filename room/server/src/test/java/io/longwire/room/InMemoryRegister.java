package io.longwire.room;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.rpc.BatchServer;
import io.longwire.rpc.register.RegisterGrpc;
import io.longwire.rpc.register.Session;
import io.longwire.rpc.register.SessionBatch;
import io.longwire.rpc.register.SessionBatchReply;
import io.longwire.rpc.register.SessionChange;
import io.longwire.rpc.register.SessionResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A register over gRPC that keeps its contract with one room: puts, removes, slots sent whole. */
final class InMemoryRegister extends RegisterGrpc.RegisterImplBase {
    private final Cluster cluster;
    private final Map<Long, Session> table = new ConcurrentHashMap<>();
    private final Map<Integer, Set<Long>> unseen = new HashMap<>(); // by slot being sent whole; guarded by this
    final AtomicInteger puts = new AtomicInteger();
    /** Refuse everything, as one that is cut off from ZooKeeper. */
    volatile boolean fenced;

    InMemoryRegister(Cluster cluster) {
        this.cluster = cluster;
    }

    Map<Long, Session> table() {
        return Map.copyOf(table);
    }

    @Override
    public StreamObserver<SessionBatch> sessions(StreamObserver<SessionBatchReply> replies) {
        return BatchServer.serve(replies, this::apply);
    }

    private synchronized CompletableFuture<SessionBatchReply> apply(SessionBatch batch) {
        cluster.heard(batch.getStamp());
        var reply = SessionBatchReply.newBuilder().setBatchId(batch.getBatchId()).setStamp(cluster.stamp());
        for (SessionChange change : batch.getChangesList()) {
            reply.addResults(SessionResult.newBuilder()
                    .setCode(fenced ? SessionResult.Code.FENCED : apply(change, batch.getRoomIncarnation())));
        }
        return CompletableFuture.completedFuture(reply.build());
    }

    private SessionResult.Code apply(SessionChange change, int room) {
        return switch (change.getKind()) {
            case PUT, UNRECOGNIZED -> {
                puts.incrementAndGet();
                unseen.getOrDefault(Slots.of(change.getEndpointId()), new HashSet<>()).remove(change.getEndpointId());
                table.put(change.getEndpointId(), Session.newBuilder().setEndpointId(change.getEndpointId())
                        .setConnSeq(change.getConnSeq()).setHandle(change.getHandle()).setRoomIncarnation(room)
                        .build());
                yield SessionResult.Code.STORED;
            }
            case REMOVE -> {
                Session there = table.get(change.getEndpointId());
                boolean it = there != null && there.getConnSeq() == change.getConnSeq()
                        && there.getRoomIncarnation() == room;
                if (it) {
                    table.remove(change.getEndpointId());
                }
                yield it ? SessionResult.Code.REMOVED : SessionResult.Code.ABSENT;
            }
            case FLUSH_BEGIN -> {
                unseen.put(change.getSlot(), table.keySet().stream()
                        .filter(endpoint -> Slots.of(endpoint) == change.getSlot())
                        .collect(Collectors.toCollection(HashSet::new)));
                yield SessionResult.Code.FLUSHED;
            }
            case FLUSH_END -> {
                Set<Long> left = unseen.remove(change.getSlot());
                if (left == null) {
                    yield SessionResult.Code.NOT_OWNER; // of a stream of before
                }
                left.forEach(table::remove);
                yield SessionResult.Code.FLUSHED;
            }
        };
    }
}
