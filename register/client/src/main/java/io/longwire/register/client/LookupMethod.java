package io.longwire.register.client;

import io.grpc.MethodDescriptor;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.rpc.BatchMethod;
import io.longwire.rpc.register.LookupBatch;
import io.longwire.rpc.register.LookupBatchReply;
import io.longwire.rpc.register.LookupResult;
import io.longwire.rpc.register.RegisterGrpc;
import java.time.Duration;
import java.util.List;

/** Endpoint ids as batches of Register.Lookup; each reply's stamp is heard. */
final class LookupMethod implements BatchMethod<Long, LookupResult, LookupBatch, LookupBatchReply> {
    private static final Duration DEADLINE = Duration.ofMillis(200);

    private final Cluster cluster;

    LookupMethod(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public MethodDescriptor<LookupBatch, LookupBatchReply> method() {
        return RegisterGrpc.getLookupMethod();
    }

    @Override
    public Duration deadline() {
        return DEADLINE;
    }

    @Override
    public LookupBatch batch(long batchId, List<Long> endpointIds) {
        return LookupBatch.newBuilder().setBatchId(batchId).setStamp(cluster.stamp()).addAllEndpointIds(endpointIds)
                .build();
    }

    @Override
    public long batchId(LookupBatchReply reply) {
        return reply.getBatchId();
    }

    @Override
    public List<LookupResult> results(LookupBatchReply reply) {
        cluster.heard(reply.getStamp());
        return reply.getResultsList();
    }

    @Override
    public int sizeOf(Long endpointId) {
        return Long.BYTES;
    }
}
