package io.longwire.register.client;

import io.grpc.MethodDescriptor;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.rpc.BatchMethod;
import io.longwire.rpc.cluster.Stamp;
import io.longwire.rpc.register.RegisterGrpc;
import io.longwire.rpc.register.SessionBatch;
import io.longwire.rpc.register.SessionBatchReply;
import io.longwire.rpc.register.SessionChange;
import io.longwire.rpc.register.SessionResult;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Session changes as batches of Register.Sessions for one room incarnation. A batch is stamped with the epoch the
 * writer routes by, which may be older than the newest one known: the owner takes a flush for complete by that
 * epoch.
 */
final class SessionMethod implements BatchMethod<SessionChange, SessionResult, SessionBatch, SessionBatchReply> {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final Cluster cluster;
    private final int roomIncarnation;
    private final LongSupplier epoch;
    private final IntConsumer flushWanted;

    SessionMethod(Cluster cluster, int roomIncarnation, LongSupplier epoch, IntConsumer flushWanted) {
        this.cluster = cluster;
        this.roomIncarnation = roomIncarnation;
        this.epoch = epoch;
        this.flushWanted = flushWanted;
    }

    @Override
    public MethodDescriptor<SessionBatch, SessionBatchReply> method() {
        return RegisterGrpc.getSessionsMethod();
    }

    @Override
    public Duration deadline() {
        return DEADLINE;
    }

    @Override
    public SessionBatch batch(long batchId, List<SessionChange> changes) {
        Stamp stamp = cluster.stamp().toBuilder().setMapEpoch(epoch.getAsLong()).build();
        return SessionBatch.newBuilder().setBatchId(batchId).setStamp(stamp).setRoomIncarnation(roomIncarnation)
                .addAllChanges(changes).build();
    }

    @Override
    public long batchId(SessionBatchReply reply) {
        return reply.getBatchId();
    }

    @Override
    public List<SessionResult> results(SessionBatchReply reply) {
        cluster.heard(reply.getStamp());
        for (int i = 0; i < reply.getFlushWantedCount(); i++) {
            flushWanted.accept(reply.getFlushWanted(i));
        }
        return reply.getResultsList();
    }

    @Override
    public int sizeOf(SessionChange change) {
        return 32;
    }
}
